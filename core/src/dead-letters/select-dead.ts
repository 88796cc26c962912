import type { DeadLetterFilter, ReplayFilter, SkipReason } from "@agentplanner/contracts";
import {
	agentRequests,
	and,
	decisionRequests,
	eq,
	isNotNull,
	isNull,
	messageDeliveries,
	messagingIntegrations,
	plans,
	projects,
	type SQL,
	sql,
} from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { isVisibleDelivery, planOfDelivery } from "../deliveries/read-deliveries.ts";

type State = "open" | "discarded";

/** Of the project's deliveries those that gave up and match, put aside or not. */
export const isDead = ({ projectId }: ProjectContext, filter: DeadLetterFilter, state: State = "open"): SQL | undefined =>
	and(
		eq(messageDeliveries.projectId, projectId),
		eq(messageDeliveries.status, "dead"),
		state === "open" ? isNull(messageDeliveries.discardedAt) : isNotNull(messageDeliveries.discardedAt),
		filter.integration_id ? eq(messageDeliveries.integrationId, filter.integration_id) : undefined,
		filter.agent_id ? eq(messageDeliveries.agentId, filter.agent_id) : undefined,
		filter.plan_id ? sql`${planOfDelivery} = ${filter.plan_id}` : undefined,
		filter.reason ? sql`${messageDeliveries.reason} ->> 'code' = ${filter.reason}` : undefined,
		filter.since ? sql`${messageDeliveries.createdAt} >= ${filter.since}::timestamptz` : undefined,
		filter.until ? sql`${messageDeliveries.createdAt} < ${filter.until}::timestamptz` : undefined,
	);

/** Those that the actor may send again or discard; the role in the project is asked for by `authorize`. */
export const isMineToSend = (ctx: ProjectContext): SQL => isVisibleDelivery(ctx, "deliveries:retry");

/** Why a replay would pass it over; null where nothing stands against it. What no wait mends comes first. */
export const skipReason = ({ include_older }: ReplayFilter): SQL<SkipReason | null> => sql`case
	when (select status from ${agentRequests} where id = ${messageDeliveries.agentRequestId}) in ('completed', 'rejected', 'cancelled')
		then 'request_ended'
	when ${messageDeliveries.kind} = 'decision'
		and (select status from ${decisionRequests} where id = ${messageDeliveries.decisionId}) <> 'pending' then 'decision_ended'
	when (select status = 'archived' or deleted_at is not null from ${plans} where id = ${planOfDelivery}) then 'plan_closed'
	when not (select enabled from ${messagingIntegrations} where id = ${messageDeliveries.integrationId}) then 'integration_disabled'
	when not ${include_older === true} and ${messageDeliveries.createdAt} < now() - (
		select replay_max_age_days from ${projects} where id = ${messageDeliveries.projectId}) * interval '1 day' then 'too_old'
end`;
