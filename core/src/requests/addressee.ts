import { agentRequests, and, desc, eq, messageDeliveries, type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";

/** The agent whose own token is used; null for everybody else. */
export const tokenAgentId = ({ actor }: ProjectContext): string | null => (actor.type === "token" ? actor.agentId : null);

/** An agent's own token sees the requests that were sent to it; everybody else sees those of the plans that they see. */
export const isVisibleRequest = (ctx: ProjectContext): SQL => {
	const agentId = tokenAgentId(ctx);
	return agentId === null
		? inVisiblePlan(ctx, agentRequests.planId)
		: // Of one request at a time, by its index: an `exists` has Postgres read all that was ever sent to the agent first.
			sql`coalesce((select true from ${messageDeliveries} where ${messageDeliveries.agentRequestId} = ${agentRequests.id}
				and ${messageDeliveries.agentId} = ${agentId} and ${messageDeliveries.kind} = 'request' limit 1), false)`;
};

/**
 * With an agent's own token: acts as that agent, on its latest delivery of this request, as if it held the reply token. Everybody
 * else acts as themselves. Throws NotFoundError for a request that was never sent to the agent.
 */
export const asAddressee = async <C extends ProjectContext>(ctx: C, requestId: string): Promise<C> => {
	const agentId = tokenAgentId(ctx);
	if (ctx.actor.type !== "token" || agentId === null) return ctx;
	const [delivery] = await ctx.db
		.select({ id: messageDeliveries.id })
		.from(messageDeliveries)
		.where(
			and(
				eq(messageDeliveries.projectId, ctx.projectId),
				eq(messageDeliveries.agentRequestId, requestId),
				eq(messageDeliveries.agentId, agentId),
				eq(messageDeliveries.kind, "request"),
			),
		)
		.orderBy(desc(messageDeliveries.id))
		.limit(1);
	if (!delivery) throw new NotFoundError("request");
	const { tokenId, name } = ctx.actor;
	const actor = { type: "agent" as const, agentId, agentRequestId: requestId.toLowerCase(), deliveryId: delivery.id, tokenId, name };
	return { ...ctx, actor };
};
