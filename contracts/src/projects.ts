import { z } from "zod";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { Id, line, Timestamp, Version } from "./values.ts";

/** Ordered: each role may do what the ones after it may. */
export const roles = ["owner", "admin", "editor", "viewer"] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export const Project = z.strictObject({
	id: Id,
	name: z.string(),
	role: Role,
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Project = z.infer<typeof Project>;

export const CreateProjectInput = z.strictObject({ name: line(120) });
export type CreateProjectInput = z.infer<typeof CreateProjectInput>;

/** Path parameters of everything that belongs to a project. */
export const ProjectParams = z.strictObject({ projectId: Id });

export const projects = {
	createProject: endpoint({
		method: "POST",
		path: "/projects",
		summary: "Create a project; its creator owns it",
		tag: "projects",
		headers: IdempotencyHeaders,
		body: CreateProjectInput,
		output: Project,
		status: 201,
	}),
	listProjects: endpoint({
		method: "GET",
		path: "/projects",
		summary: "Projects I am a member of",
		tag: "projects",
		output: z.strictObject({ items: z.array(Project) }),
	}),
	getProject: endpoint({
		method: "GET",
		path: "/projects/{projectId}",
		summary: "One project",
		tag: "projects",
		params: ProjectParams,
		output: Project,
	}),
	selectProject: endpoint({
		method: "POST",
		path: "/projects/{projectId}/select",
		summary: "Remember which project this session works in",
		tag: "projects",
		params: ProjectParams,
		output: Project,
	}),
};
