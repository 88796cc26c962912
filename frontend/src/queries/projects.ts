import type { QueryClient } from "@tanstack/react-query";
import { api, nothing } from "../lib/api-client.ts";
import { sessionQuery } from "./session.ts";

export const createProject = (name: string, idempotencyKey: string) =>
	api.projects.createProject({ params: {}, query: {}, headers: { "idempotency-key": idempotencyKey }, body: { name } });

export const selectProject = (projectId: string) => api.projects.selectProject({ params: { projectId }, ...nothing });

/** The session that was read before the selection names the earlier project. */
export const rememberActiveProject = (client: QueryClient, projectId: string): void => {
	client.setQueryData(sessionQuery().queryKey, (session) => session && { ...session, active_project_id: projectId });
};
