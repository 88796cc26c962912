import { z } from "zod";
import { endpoint, IdempotencyHeaders, IfMatchDigestHeaders, IfMatchHeaders } from "./endpoint.ts";
import { Ladder } from "./ladder.ts";
import { PlanParams } from "./plans.ts";
import { ProjectParams } from "./projects.ts";
import { Id, line, Timestamp, text, Version } from "./values.ts";

/** An integration and an address in it (channel, thread, agent id); the webhook adapter needs no address. */
export const Route = z.strictObject({
	id: Id,
	integration_id: Id,
	integration_name: z.string(),
	adapter: z.string(),
	address: z.string(),
	position: z.int(),
});
export type Route = z.infer<typeof Route>;

/** `version` is a digest of the list, as `If-Match` of its replacement expects it. */
export const RouteList = z.strictObject({ items: z.array(Route), version: z.string() });
export type RouteList = z.infer<typeof RouteList>;

export const SetRoutesInput = z.strictObject({
	routes: z.array(z.strictObject({ integration_id: Id, address: text(500).default("") })).max(20),
});
export type SetRoutesInput = z.infer<typeof SetRoutesInput>;

/** `live`: it has something in hand. `idle`: it is there. `gone`: it missed three beats. */
export const presences = ["live", "idle", "gone"] as const;
export const Presence = z.enum(presences);
export type Presence = z.infer<typeof Presence>;

const Capabilities = z
	.array(line(60))
	.max(30, "must be at most 30")
	.refine((words) => new Set(words).size === words.length, "must name each once");

export const Agent = z.strictObject({
	id: Id,
	project_id: Id,
	name: z.string(),
	description: z.string(),
	/** What it is good at, in words that people chose. */
	capabilities: z.array(z.string()),
	/** What happens while it doesn't answer; null: what the project says. */
	ladder: Ladder.nullable(),
	/** Null: it never promised to beat, so its silence says nothing. */
	presence: Presence.nullable(),
	/** How often it said it would beat. */
	heartbeat_seconds: z.int().nullable(),
	last_seen_at: Timestamp.nullable(),
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Agent = z.infer<typeof Agent>;

export const CreateAgentInput = z
	.strictObject({
		name: line(120),
		description: text(5_000).default(""),
		capabilities: Capabilities.default([]),
		ladder: Ladder.nullable().optional(),
	})
	.meta({ examples: [{ name: "Writer", description: "Writes what customers read.", capabilities: ["copy", "English"] }] });
export type CreateAgentInput = z.infer<typeof CreateAgentInput>;
export const UpdateAgentInput = z
	.strictObject({
		name: line(120).optional(),
		description: text(5_000).optional(),
		capabilities: Capabilities.optional(),
		ladder: Ladder.nullable().optional(),
	})
	.meta({ examples: [{ description: "Writes what customers read, in plain English." }] });
export type UpdateAgentInput = z.infer<typeof UpdateAgentInput>;

export const HeartbeatInput = z
	.strictObject({ interval_seconds: z.int().min(5, "must be at least 5").max(3600, "must be at most 3600").default(60) })
	.meta({ examples: [{ interval_seconds: 30 }] });
export type HeartbeatInput = z.infer<typeof HeartbeatInput>;

export const AgentParams = ProjectParams.extend({ agentId: Id });

export const agents = {
	createAgent: endpoint({
		method: "POST",
		path: "/projects/{projectId}/agents",
		summary: "Add an agent",
		tag: "agents",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreateAgentInput,
		output: Agent,
		status: 201,
		refuses: ["conflict"],
	}),
	listAgents: endpoint({
		method: "GET",
		path: "/projects/{projectId}/agents",
		summary: "Agents of a project",
		tag: "agents",
		params: ProjectParams,
		output: z.strictObject({ items: z.array(Agent) }),
	}),
	getAgent: endpoint({
		method: "GET",
		path: "/projects/{projectId}/agents/{agentId}",
		summary: "One agent",
		tag: "agents",
		params: AgentParams,
		output: Agent,
	}),
	updateAgent: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/agents/{agentId}",
		summary: "Rename or describe an agent",
		tag: "agents",
		params: AgentParams,
		headers: IfMatchHeaders,
		body: UpdateAgentInput,
		output: Agent,
		refuses: ["conflict"],
	}),
	getOwnAgent: endpoint({
		method: "GET",
		path: "/projects/{projectId}/agents/me",
		summary: "The agent whose token this is",
		tag: "agents",
		params: ProjectParams,
		output: Agent,
	}),
	beat: endpoint({
		method: "POST",
		path: "/projects/{projectId}/agents/me/heartbeat",
		summary: "Say that one is there, and how often one will",
		description:
			"After three missed beats the agent is shown as gone. Any other call with its token counts as a sign of life, too; only this one says what to expect.",
		tag: "agents",
		params: ProjectParams,
		body: HeartbeatInput,
		output: Agent,
	}),
};

export const routes = {
	getAgentRoutes: endpoint({
		method: "GET",
		path: "/projects/{projectId}/agents/{agentId}/routes",
		summary: "Where an agent is reached",
		tag: "routes",
		params: AgentParams,
		output: RouteList,
	}),
	setAgentRoutes: endpoint({
		method: "PUT",
		path: "/projects/{projectId}/agents/{agentId}/routes",
		summary: "Replace an agent's routes",
		tag: "routes",
		params: AgentParams,
		headers: IfMatchDigestHeaders,
		body: SetRoutesInput,
		output: RouteList,
		refuses: ["unprocessable"],
	}),
	getPlanRoutes: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/routes",
		summary: "Routes of a plan",
		tag: "routes",
		params: PlanParams,
		output: RouteList,
	}),
	setPlanRoutes: endpoint({
		method: "PUT",
		path: "/projects/{projectId}/plans/{planId}/routes",
		summary: "Replace a plan's routes",
		tag: "routes",
		params: PlanParams,
		headers: IfMatchDigestHeaders,
		body: SetRoutesInput,
		output: RouteList,
		refuses: ["unprocessable"],
	}),
	getProjectRoutes: endpoint({
		method: "GET",
		path: "/projects/{projectId}/routes",
		summary: "Default routes of a project",
		tag: "routes",
		params: ProjectParams,
		output: RouteList,
	}),
	setProjectRoutes: endpoint({
		method: "PUT",
		path: "/projects/{projectId}/routes",
		summary: "Replace a project's default routes",
		tag: "routes",
		params: ProjectParams,
		headers: IfMatchDigestHeaders,
		body: SetRoutesInput,
		output: RouteList,
		refuses: ["unprocessable"],
	}),
};
