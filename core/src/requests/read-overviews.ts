import type { RequestOverview } from "@agentplanner/contracts";
import {
	agentRequestTargets,
	agents,
	and,
	asc,
	eq,
	inArray,
	messageDeliveries,
	messagingIntegrations,
	planNodes,
	plans,
	type SQL,
	sql,
} from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { tokenAgentId } from "./addressee.ts";
import type { RequestRow } from "./lock-request.ts";
import { presentRequest } from "./present.ts";
import { readTargets } from "./targets.ts";

/** Requests with the names of what they are about and how their deliveries stand. An agent's own token is told of itself alone. */
export const readOverviews = async (ctx: ProjectContext, rows: RequestRow[]): Promise<RequestOverview[]> => {
	if (rows.length === 0) return [];
	const ids = rows.map(({ id }) => id);
	const targets = await readTargets(ctx, ids);
	const titles = await readTitles(ctx, rows);
	const targetNames = await readTargetNames(ctx, ids);
	const deliveries = await readDeliveryStates(ctx, ids);
	return rows.map((row) => {
		const title = titles.get(row.nodeId);
		if (!title) throw new Error(`Node ${row.nodeId} of request ${row.id} is gone.`);
		const own = deliveries.filter((delivery) => delivery.requestId === row.id);
		const named = targetNames.filter((target) => target.requestId === row.id);
		const sum = (count: (delivery: DeliveryState) => number) => own.reduce((total, delivery) => total + count(delivery), 0);
		return {
			...presentRequest(row, targets),
			plan: { id: row.planId, title: title.plan },
			node: { id: row.nodeId, title: title.node },
			// Without targets of its own it went where the routes of that moment led.
			asked: [...new Set((named.length > 0 ? named : own).map(({ name }) => name))],
			deliveries: {
				total: sum(({ total }) => total),
				arrived: sum(({ arrived }) => arrived),
				retrying: sum(({ retrying }) => retrying),
				held: sum(({ held }) => held),
			},
		};
	});
};

const readTitles = async (ctx: ProjectContext, rows: RequestRow[]): Promise<Map<string, { node: string; plan: string }>> => {
	const found = await ctx.db
		.select({ id: planNodes.id, node: planNodes.title, plan: plans.title })
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.where(
			and(
				eq(planNodes.projectId, ctx.projectId),
				inArray(
					planNodes.id,
					rows.map(({ nodeId }) => nodeId),
				),
			),
		);
	return new Map(found.map(({ id, ...titles }) => [id, titles]));
};

const readTargetNames = async (ctx: ProjectContext, ids: string[]): Promise<{ requestId: string; name: string }[]> => {
	const agentId = tokenAgentId(ctx);
	return ctx.db
		.select({
			requestId: agentRequestTargets.agentRequestId,
			name: sql<string>`coalesce(${agents.name}, ${messagingIntegrations.name}, '')`,
		})
		.from(agentRequestTargets)
		.leftJoin(agents, eq(agents.id, agentRequestTargets.agentId))
		.leftJoin(messagingIntegrations, eq(messagingIntegrations.id, agentRequestTargets.integrationId))
		.where(and(inArray(agentRequestTargets.agentRequestId, ids), agentId ? eq(agentRequestTargets.agentId, agentId) : undefined))
		.orderBy(asc(agentRequestTargets.position));
};

type DeliveryState = { requestId: string | null; name: string; total: number; arrived: number; retrying: number; held: number };

const isWaiting = inArray(messageDeliveries.status, ["queued", "retrying", "unknown"]);
const isTriedAgain = sql`(${messageDeliveries.status} in ('retrying', 'unknown')
	or ${messageDeliveries.status} = 'sending' and ${messageDeliveries.attemptCount} > 1)`;
const isStopped = sql`(not ${messagingIntegrations.enabled} or coalesce(${messagingIntegrations.heldUntil} > now(), false))`;
const countWhere = (condition: SQL | undefined) => sql`count(*) filter (where ${condition})`.mapWith(Number);

const readDeliveryStates = async (ctx: ProjectContext, ids: string[]): Promise<DeliveryState[]> => {
	const agentId = tokenAgentId(ctx);
	return ctx.db
		.select({
			requestId: messageDeliveries.agentRequestId,
			name: sql<string>`coalesce(${agents.name}, ${messagingIntegrations.name})`,
			total: countWhere(sql`true`),
			arrived: countWhere(inArray(messageDeliveries.status, ["delivered", "acknowledged"])),
			retrying: countWhere(isTriedAgain),
			held: countWhere(and(isWaiting, isStopped)),
		})
		.from(messageDeliveries)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.leftJoin(agents, eq(agents.id, messageDeliveries.agentId))
		.where(
			and(
				inArray(messageDeliveries.agentRequestId, ids),
				eq(messageDeliveries.kind, "request"),
				agentId ? eq(messageDeliveries.agentId, agentId) : undefined,
			),
		)
		.groupBy(messageDeliveries.agentRequestId, agents.name, messagingIntegrations.name)
		.orderBy(sql`min(${messageDeliveries.id}::text)`);
};
