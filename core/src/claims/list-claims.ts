import type { Claim } from "@agentplanner/contracts";
import { nodeClaims } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";
import { presentClaim, readLiveClaims } from "./read-claims.ts";

type Query = PageInput & { plan_id?: string | undefined; node_id?: string | undefined; agent_id?: string | undefined };

/** Claims that are held now, newest first; of one plan, node or agent if asked. */
export const listClaims = async (ctx: ProjectContext, query: Query): Promise<{ items: Claim[]; next_cursor: string | null }> => {
	await authorize(ctx, "plans:read");
	const { plan_id: planId, node_id: nodeId, agent_id: agentId, limit } = query;
	const known = await readLiveClaims(
		ctx,
		{ planId, nodeId, agentId, only: inVisiblePlan(ctx, nodeClaims.planId) },
		{ before: cursorId(query), limit: limit + 1 },
	);
	return toPage(known.map(presentClaim), limit, (claim) => claim);
};
