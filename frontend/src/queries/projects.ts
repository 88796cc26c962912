import type { UpdateProjectInput } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { api, apiQueries, nothing } from "../lib/api-client.ts";
import { sessionQuery } from "./session.ts";

export const projectQuery = (projectId: string) =>
	apiQueries.projects.getProject.queryOptions({ input: { params: { projectId }, ...nothing } });

/** `If-Match` names the version that the editor saw. */
export const updateProject = (projectId: string, version: number, body: UpdateProjectInput) =>
	api.projects.updateProject({ params: { projectId }, query: {}, headers: { "if-match": `"${version}"` }, body });

export const createProject = (name: string, idempotencyKey: string) =>
	api.projects.createProject({ params: {}, query: {}, headers: { "idempotency-key": idempotencyKey }, body: { name } });

export const selectProject = (projectId: string) => api.projects.selectProject({ params: { projectId }, ...nothing });

/** The session that was read before the selection names the earlier project. */
export const rememberActiveProject = (client: QueryClient, projectId: string): void => {
	client.setQueryData(sessionQuery().queryKey, (session) => session && { ...session, active_project_id: projectId });
};
