import type { Decision, DecisionStatus } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { presentDecision } from "./present.ts";
import { readDecisions } from "./read-decisions.ts";

type Query = PageInput & { node_id?: string | undefined; agent_request_id?: string | undefined; status?: DecisionStatus | undefined };

/** Decisions, newest first; of one node, of one request or in one status if asked. */
export const listDecisions = async (ctx: ProjectContext, query: Query): Promise<{ items: Decision[]; next_cursor: string | null }> => {
	await authorize(ctx, "decisions:read");
	const { node_id: nodeId, agent_request_id: agentRequestId, status, limit } = query;
	const known = await readDecisions(ctx, { nodeId, agentRequestId, status, before: cursorId(query), limit: limit + 1 });
	return toPage(known.map(presentDecision), limit, (decision) => decision);
};
