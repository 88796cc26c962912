import { z } from "zod";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { Ladder, QuietHours } from "./ladder.ts";
import { Id, line, Timestamp, Version } from "./values.ts";

/** Ordered: each role may do what the ones after it may. A guest sees the plans that are shared with them, and nothing else. */
export const roles = ["owner", "admin", "editor", "viewer", "guest"] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export const Project = z.strictObject({
	id: Id,
	name: z.string(),
	role: Role,
	/** Private networks that the project's integrations may reach, in CIDR notation; null for whoever may not edit the project. */
	allowed_networks: z.array(z.string()).nullable(),
	/** What happens while nobody answers a request; an agent or a request may have its own. */
	ladder: Ladder,
	/** When the steps of a ladder wait; null: never. */
	quiet_hours: QuietHours.nullable(),
	/** Messages older than that are sent again only where somebody says so. */
	replay_max_age_days: z.int(),
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Project = z.infer<typeof Project>;

export const CreateProjectInput = z.strictObject({ name: line(120) }).meta({ examples: [{ name: "Spring release" }] });
export type CreateProjectInput = z.infer<typeof CreateProjectInput>;

export const UpdateProjectInput = z
	.strictObject({
		name: line(120).optional(),
		allowed_networks: z
			.array(z.string().max(50))
			.max(32)
			.optional()
			.describe("The whole list, in CIDR notation: private, carrier-grade NAT or loopback, such as `10.1.0.0/16` or `fd00::/8`"),
		ladder: Ladder.optional().describe("The whole of it; it counts for requests that are asked from now on"),
		quiet_hours: QuietHours.nullable().optional().describe("They count for requests that are asked from now on; null ends them"),
		replay_max_age_days: z
			.int()
			.min(1)
			.max(365)
			.optional()
			.describe("Messages that gave up and are older are sent again by a replay only with `include_older`"),
	})
	.meta({ examples: [{ name: "Spring release", allowed_networks: ["10.1.0.0/16"] }] });
export type UpdateProjectInput = z.infer<typeof UpdateProjectInput>;

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
	updateProject: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}",
		summary:
			"Rename a project, or set what happens while nobody answers and when it is quiet, which private networks it may reach, and how old a replay may be",
		description:
			"For admins and owners. Only public addresses are dialled; `allowed_networks` names the exceptions, and since a private network is the installation's and not the project's, whoever made the installation's first account alone may change it. What is opened can be used by every admin and owner of the project, and by tokens with `integrations:write`. Link-local and metadata addresses and the ports of databases and the like stay closed. It counts from the next message on.",
		tag: "projects",
		params: ProjectParams,
		headers: IfMatchHeaders,
		body: UpdateProjectInput,
		output: Project,
		refuses: ["unprocessable"],
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
