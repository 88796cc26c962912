import { api, nothing } from "../lib/api-client.ts";

export const createProject = (name: string, idempotencyKey: string) =>
	api.projects.createProject({ params: {}, query: {}, headers: { "idempotency-key": idempotencyKey }, body: { name } });

export const selectProject = (projectId: string) => api.projects.selectProject({ params: { projectId }, ...nothing });
