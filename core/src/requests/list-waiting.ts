import { openRequestStatuses } from "@agentplanner/contracts";
import { agentRequests, and, desc, eq, inArray, planNodes, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";

/** A request that waits for a person. `asksBack`: its agent does; else it was sent to where people read it. */
export type WaitingRequest = { id: string; question: string; asksBack: boolean; node: string; deadlineAt: Date };

type Where = { integrationId: string; addresses: string[]; limit: number };

/**
 * Open requests that have arrived at one of these addresses of an integration, and, for who may reply to agents, those whose agents ask
 * back; newest first.
 */
export const listWaiting = async (ctx: ProjectContext, { integrationId, addresses, limit }: Where): Promise<WaitingRequest[]> => {
	await authorize(ctx, "requests:read");
	const asksBack = sql<boolean>`(${agentRequests.status} = 'input_required')`;
	const isThere = sql`exists (
		select from message_deliveries delivery
		where delivery.agent_request_id = ${agentRequests.id} and delivery.kind = 'request' and delivery.integration_id = ${integrationId}
			and delivery.address = any(${sql.param(addresses)}::text[]) and delivery.status in ('delivered', 'acknowledged')
	)`;
	return ctx.db
		.select({
			id: agentRequests.id,
			question: sql<string>`case when ${asksBack} then coalesce(${agentRequests.inputQuestion}, ${agentRequests.question}) else ${agentRequests.question} end`,
			asksBack,
			node: planNodes.title,
			deadlineAt: agentRequests.deadlineAt,
		})
		.from(agentRequests)
		.innerJoin(planNodes, eq(planNodes.id, agentRequests.nodeId))
		.where(
			and(
				eq(agentRequests.projectId, ctx.projectId),
				inArray(agentRequests.status, [...openRequestStatuses]),
				inVisiblePlan(ctx, agentRequests.planId),
				sql`(${isThere} or (${asksBack} and ${inVisiblePlan(ctx, agentRequests.planId, "requests:create")}))`,
			),
		)
		.orderBy(desc(agentRequests.id))
		.limit(limit);
};
