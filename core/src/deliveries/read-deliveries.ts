import type { Action, Delivery, MessageContent } from "@agentplanner/contracts";
import {
	agentRequests,
	agents,
	and,
	asc,
	decisionRequests,
	deliveryAttempts,
	desc,
	eq,
	gt,
	inArray,
	lt,
	messageDeliveries,
	messagingIntegrations,
	type SQL,
	sql,
} from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { answersForProject, inVisiblePlan, isNoGuest } from "../plans/authorize-plan.ts";
import { deliveryColumns } from "./delivery-row.ts";
import { presentDelivery } from "./present.ts";

type Filter = {
	id?: string;
	ids?: string[];
	/** What its requests sent. */
	nodeId?: string | undefined;
	agentRequestId?: string | undefined;
	decisionId?: string;
	agentId?: string | undefined;
	integrationId?: string | undefined;
	subscriptionId?: string;
	kind?: Delivery["kind"] | undefined;
	status?: Delivery["status"] | undefined;
	before?: string | null;
	/** Those alone that whoever asks may see. */
	visible?: true;
	limit?: number;
};

/** Of a delivery that was tried more often the last ones are read; `attempt_count` tells the rest. */
const attemptsShown = 50;

/** Of word to people that a request waits: that request. */
export const aboutRequestId: SQL = sql`(${messageDeliveries.content} #>> '{about,agent_request_id}')::uuid`;

/** The plan of what the delivery is about; one look by primary key, where `exists` would have Postgres read all requests first. */
export const planOfDelivery: SQL = sql`coalesce(
	(select plan_id from ${agentRequests} where ${agentRequests.id} = ${messageDeliveries.agentRequestId}),
	(select plan_id from ${decisionRequests} where ${decisionRequests.id} = ${messageDeliveries.decisionId}),
	(select plan_id from ${agentRequests} where ${agentRequests.id} = ${aboutRequestId})
)`;

/**
 * Deliveries of plans in which the actor may do it. Of what hangs on no plan a guest sees nothing; events, and word about what is gone, are
 * for those who answer for the project.
 */
export const isVisibleDelivery = (ctx: ProjectContext, action?: Action): SQL => sql`case
	when ${messageDeliveries.subscriptionId} is not null then ${answersForProject(ctx)}
	when ${messageDeliveries.agentRequestId} is null and ${messageDeliveries.decisionId} is null and ${aboutRequestId} is null
		then ${isNoGuest(ctx)}
	else coalesce(${inVisiblePlan(ctx, planOfDelivery, action)}, ${answersForProject(ctx)})
end`;

/** Deliveries with their attempts, and what each of them says; newest first where there is a limit, else in the order they were made. */
export const readDeliveries = async (
	ctx: ProjectContext,
	filter: Filter,
): Promise<{ deliveries: Delivery[]; contents: { id: string; content: MessageContent }[] }> => {
	const query = ctx.db
		.select({
			delivery: deliveryColumns,
			integrationName: messagingIntegrations.name,
			integrationEnabled: messagingIntegrations.enabled,
			adapter: messagingIntegrations.adapter,
			agentName: agents.name,
		})
		.from(messageDeliveries)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.leftJoin(agents, eq(agents.id, messageDeliveries.agentId))
		.where(
			and(
				eq(messageDeliveries.projectId, ctx.projectId),
				filter.id ? eq(messageDeliveries.id, filter.id) : undefined,
				filter.ids ? inArray(messageDeliveries.id, filter.ids) : undefined,
				filter.nodeId
					? sql`${messageDeliveries.agentRequestId} in (select id from ${agentRequests} where node_id = ${filter.nodeId})`
					: undefined,
				filter.agentRequestId ? eq(messageDeliveries.agentRequestId, filter.agentRequestId) : undefined,
				filter.decisionId ? eq(messageDeliveries.decisionId, filter.decisionId) : undefined,
				filter.agentId ? eq(messageDeliveries.agentId, filter.agentId) : undefined,
				filter.integrationId ? eq(messageDeliveries.integrationId, filter.integrationId) : undefined,
				filter.subscriptionId ? eq(messageDeliveries.subscriptionId, filter.subscriptionId) : undefined,
				filter.kind ? eq(messageDeliveries.kind, filter.kind) : undefined,
				filter.status ? eq(messageDeliveries.status, filter.status) : undefined,
				filter.visible ? isVisibleDelivery(ctx) : undefined,
				filter.before ? lt(messageDeliveries.id, filter.before) : undefined,
			),
		)
		.orderBy(filter.limit ? desc(messageDeliveries.id) : asc(messageDeliveries.id));
	const rows = await (filter.limit ? query.limit(filter.limit) : query);
	const ids = rows.map(({ delivery }) => delivery.id);
	const attempts =
		ids.length === 0
			? []
			: await ctx.db
					.select({ attempt: deliveryAttempts })
					.from(deliveryAttempts)
					.innerJoin(messageDeliveries, eq(messageDeliveries.id, deliveryAttempts.deliveryId))
					.where(
						and(inArray(messageDeliveries.id, ids), gt(deliveryAttempts.number, sql`${messageDeliveries.attemptCount} - ${attemptsShown}`)),
					)
					.orderBy(asc(deliveryAttempts.number));
	const byDelivery = Map.groupBy(
		attempts.map(({ attempt }) => attempt),
		(attempt) => attempt.deliveryId,
	);
	return {
		deliveries: rows.map((row) => presentDelivery(row, byDelivery.get(row.delivery.id) ?? [])),
		contents: rows.map(({ delivery }) => ({ id: delivery.id, content: delivery.content })),
	};
};
