import { z } from "zod";
import { endpoint, IfMatchDigestHeaders } from "./endpoint.ts";
import { NodeParams } from "./plan-nodes.ts";
import { ProjectParams } from "./projects.ts";
import { Id, PageQuery, page, Timestamp } from "./values.ts";

/** Who is meant to do a node: a member or an agent. */
export const Assignment = z.strictObject({
	id: Id,
	plan_id: Id,
	node_id: Id,
	user_id: Id.nullable(),
	agent_id: Id.nullable(),
	name: z.string(),
	assigned_by: z.string(),
	created_at: Timestamp,
});
export type Assignment = z.infer<typeof Assignment>;

/** `version` is a digest of the list, as `If-Match` of its replacement expects it. */
export const AssignmentList = z.strictObject({ items: z.array(Assignment), version: z.string() });
export type AssignmentList = z.infer<typeof AssignmentList>;

export const Assignee = z.union([z.strictObject({ user_id: Id }), z.strictObject({ agent_id: Id })]);
export type Assignee = z.infer<typeof Assignee>;

export const SetAssignmentsInput = z
	.strictObject({ assignees: z.array(Assignee).max(20, "must be at most 20") })
	.meta({ examples: [{ assignees: [{ agent_id: "0198c1a2-7d4e-7a10-8a35-3f1c9f6f2d10" }] }] });
export type SetAssignmentsInput = z.infer<typeof SetAssignmentsInput>;

export const assignments = {
	getNodeAssignments: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/assignments",
		summary: "Who is assigned to a node",
		tag: "assignments",
		params: NodeParams,
		output: AssignmentList,
	}),
	setNodeAssignments: endpoint({
		method: "PUT",
		path: "/projects/{projectId}/nodes/{nodeId}/assignments",
		summary: "Replace who is assigned to a node",
		tag: "assignments",
		params: NodeParams,
		headers: IfMatchDigestHeaders,
		body: SetAssignmentsInput,
		output: AssignmentList,
		refuses: ["unprocessable"],
	}),
	listAssignments: endpoint({
		method: "GET",
		path: "/projects/{projectId}/assignments",
		summary: "Who is assigned to what, newest first",
		tag: "assignments",
		params: ProjectParams,
		query: PageQuery.extend({ plan_id: Id.optional(), user_id: Id.optional(), agent_id: Id.optional() }),
		output: page(Assignment),
	}),
};
