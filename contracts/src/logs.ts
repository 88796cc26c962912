import { z } from "zod";
import { ClaimFenceHeaders } from "./claim-fence.ts";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { NodeParams } from "./plan-nodes.ts";
import { Id, PageQuery, page, requiredAgentText, Timestamp } from "./values.ts";

/** What happened at work on a node: how far it is, why it is done so, what stands in the way, what was settled on. */
export const logKinds = ["progress", "reasoning", "challenge", "decision"] as const;
export const LogKind = z.enum(logKinds);
export type LogKind = z.infer<typeof LogKind>;

export const NodeLog = z.strictObject({
	id: Id,
	project_id: Id,
	plan_id: Id,
	node_id: Id,
	kind: LogKind,
	/** Markdown; untrusted where an agent wrote it. */
	text: z.string(),
	/** The request on which its author was at work, if there is one. */
	agent_request_id: Id.nullable(),
	written_by: z.string(),
	written_by_user_id: Id.nullable(),
	written_by_agent_id: Id.nullable(),
	created_at: Timestamp,
});
export type NodeLog = z.infer<typeof NodeLog>;

export const CreateLogInput = z
	.strictObject({
		kind: LogKind,
		text: requiredAgentText(20_000).describe("Markdown"),
		agent_request_id: Id.optional().describe("The request of this node that one works on; an agent names one that was sent to it"),
	})
	.meta({ examples: [{ kind: "progress", text: "Half of the pages are translated." }] });
export type CreateLogInput = z.infer<typeof CreateLogInput>;

export const logs = {
	createLog: endpoint({
		method: "POST",
		path: "/projects/{projectId}/nodes/{nodeId}/logs",
		summary: "Note something about the work on a node; it can't be changed afterwards",
		tag: "logs",
		params: NodeParams,
		headers: IdempotencyHeaders.extend(ClaimFenceHeaders.shape),
		body: CreateLogInput,
		output: NodeLog,
		status: 201,
		refuses: ["conflict", "unprocessable"],
	}),
	listLogs: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/logs",
		summary: "What was noted about the work on a node, newest first",
		tag: "logs",
		params: NodeParams,
		query: PageQuery.extend({ kind: LogKind.optional() }),
		output: page(NodeLog),
	}),
};
