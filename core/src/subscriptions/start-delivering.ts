import { type EventType, eventCatalogue } from "@agentplanner/contracts";
import { and, eq, inArray, messagingIntegrations, type SQL, sql, type Transaction, webhookSubscriptions } from "@agentplanner/db";
import type { Filter, Match } from "./select-events.ts";

/**
 * The subscriptions of these projects that are sent events now; while its integration is disabled nothing is laid up for one. The query
 * is on its way when the call returns.
 */
export const readFilters = (tx: Transaction, projectIds: readonly string[]): Promise<Filter[]> =>
	projectIds.length === 0
		? Promise.resolve([])
		: tx
				.select({
					id: webhookSubscriptions.id,
					projectId: webhookSubscriptions.projectId,
					integrationId: webhookSubscriptions.integrationId,
					types: webhookSubscriptions.types,
					planIds: webhookSubscriptions.planIds,
					condition: webhookSubscriptions.condition,
					fromPosition: webhookSubscriptions.fromPosition,
				})
				.from(webhookSubscriptions)
				.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, webhookSubscriptions.integrationId))
				.where(
					and(
						inArray(webhookSubscriptions.projectId, [...projectIds]),
						eq(webhookSubscriptions.enabled, true),
						eq(messagingIntegrations.enabled, true),
					),
				)
				.execute();

/** Private plans are for subscriptions that name them, and whose owner sees them: whether `subscription` is told of that one. */
export const isToldOfPrivate = (planId: SQL): SQL => sql`(${planId} = any(subscription.plan_ids) and exists (
	select from project_members member
	where member.project_id = subscription.project_id and member.user_id = subscription.owner_user_id and (
		member.role in ('owner', 'admin')
		or exists (select from plans plan where plan.id = ${planId} and plan.owner_user_id = member.user_id)
		or exists (select from plan_collaborators shared where shared.plan_id = ${planId} and shared.user_id = member.user_id)
	)
))`;

const maySee = sql`(
	event.plan_id is null
	or exists (select from plans plan where plan.id = event.plan_id and plan.visibility <> 'private')
	or ${isToldOfPrivate(sql`event.plan_id`)}
)`;

/** What of an actor is told outside: who it was, and nothing of their session. */
const actorTold = sql`jsonb_strip_nulls(jsonb_build_object(
	'type', event.actor ->> 'type',
	'id', coalesce(event.actor ->> 'userId', event.actor ->> 'agentId', event.actor ->> 'tokenId', event.actor ->> 'integrationId'),
	'name', coalesce(event.actor ->> 'name', event.actor ->> 'adapter')
))`;

const momentTold = sql`to_char(event.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Of a type that this build no longer has: the first. */
const schemaVersionOf = (type: string): number => (isEventType(type) ? eventCatalogue[type].schema_version : 1);
const isEventType = (type: string): type is EventType => Object.hasOwn(eventCatalogue, type);

/**
 * Begins to write one delivery, due now, for each match that there is none for yet; answers with how many it made. It is the timers that
 * wake them: an event for each would be as many events as there are deliveries. Whoever commits wakes `timers`.
 */
export const startDelivering = (tx: Transaction, matches: readonly Match[]): Promise<number> =>
	tx
		.execute(sql`
			with matched as (
				select * from unnest(
					${sql.param(matches.map(({ event }) => event.id))}::uuid[],
					${sql.param(matches.map(({ subscriptionId }) => subscriptionId))}::uuid[],
					${sql.param(matches.map(({ event }) => schemaVersionOf(event.type)))}::int[]
				) as match (event_id, subscription_id, schema_version)
			), made as (
				insert into message_deliveries (project_id, kind, subscription_id, event_id, integration_id, open_plan_id, address, content, trace_id, request_id)
				select event.project_id, 'event', subscription.id, event.id, subscription.integration_id, event.plan_id, subscription.address,
					jsonb_build_object(
						'kind', 'event', 'event_id', event.id, 'type', event.type, 'schema_version', matched.schema_version,
						'project_id', event.project_id, 'subject_id', event.subject_id, 'plan_id', event.plan_id, 'node_id', event.node_id,
						'occurred_at', ${momentTold}, 'position', event.position, 'actor', ${actorTold}, 'data', event.data
					),
					event.trace_id, event.request_id
				from matched
				join events event on event.id = matched.event_id
				join webhook_subscriptions subscription on subscription.id = matched.subscription_id
				where ${maySee}
				order by event.position
				-- The subscription before its integration, as whoever deletes it; of one that is gone by now nothing is sent.
				for key share of subscription
				on conflict (subscription_id, event_id) where subscription_id is not null do nothing
				returning id, project_id, subscription_id, trace_id
			)
			insert into timers (project_id, type, subject_id, due_at, data)
			select project_id, 'message.delivery.due', id, now(),
				jsonb_strip_nulls(jsonb_build_object('subscription_id', subscription_id, 'trace_id', trace_id))
			from made`)
		.then(({ rowCount }) => rowCount ?? 0);
