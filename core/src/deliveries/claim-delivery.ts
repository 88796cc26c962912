import type { MessageContent, Receipt } from "@agentplanner/contracts";
import { and, eq, messageDeliveries, messagingIntegrations, type SQL, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import type { SealedIntegration } from "../integrations/open-integration.ts";
import { orRenewTimer } from "../pending-writes.ts";
import { reasons } from "../reasons.ts";
import { setTimers } from "../timers.ts";
import { type DeliveryRow, deliveryColumns } from "./delivery-row.ts";
import { judgeTurn } from "./judge-turn.ts";
import { sentPayload } from "./payload.ts";
import { takeOverLost } from "./take-over-lost.ts";
import { deliveryData, tellDelivery } from "./tell-delivery.ts";
import { letGo } from "./wait-turn.ts";
import { isHidden, withdrawHidden } from "./withdraw-hidden.ts";

/*
 * One delivery, from here to record-outcome.ts:
 *
 *   queued ─┐                    ┌─► delivered ─► acknowledged
 *   retrying ├─claim─► sending ──┼─► retrying          (again at next_attempt_at)
 *   unknown ─┘            ▲      ├─► unknown           (may have been accepted; found or sent again under the same key)
 *                         │      ├─► dead              (rejected, or the schedule is at its end) ─replay─► queued
 *            lease ran out┘      └─► close_as          (cancelled or superseded meanwhile), acknowledged where it was answered
 *
 * The claim is the promise that nothing is sent twice at once: it takes the row only where it is due, counts the fence up, and
 * sets the lease and the delivery's timer to the same moment. Whoever holds an older fence can write nothing. A claim that
 * finds a lease run out treats what was under way as unknown. All times are the database's.
 */

/** How long a claim holds without renewal; a worker renews every second. */
export const leaseMs = 4_000;

/** A lease from this very moment: now() is when the transaction began, and it may have waited since. */
export const leaseEnd = sql`clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond'`;

/** How often a delivery of a disabled integration is looked at, though enabling wakes it anyway. */
export const lookInAgainMs = 900_000;

export type Claim = {
	deliveryId: string;
	fence: number;
	attempt: number;
	/** Sealed, so that what can't be opened is a matter of the attempt and not of the claim. */
	integration: SealedIntegration;
	agentRequestId: string | null;
	address: string;
	content: MessageContent;
	/** What an earlier attempt sent, to be sent as it is; null: nothing was composed yet. */
	payload: string | null;
	/** When the first attempt began, where one may have been accepted: look before sending again. */
	uncertainSince: Date | null;
	/** Of a reply: the receipt of the message it belongs to, where that went to the same place. */
	thread: Receipt | null;
	/** The integration's credentials were refused before: check them before sending. */
	probe: boolean;
	/** What its integration's policy says now. */
	maxInFlight: number;
	/** It is the one that finds out whether the integration answers again. */
	breakerProbe: boolean;
};

/** Takes a delivery that is due, for one attempt by `worker`. Null: there is nothing to do now, which is success. */
export const claimDelivery = async (ctx: ProjectContext, deliveryId: string, worker: string): Promise<Claim | null> => {
	const claim = (await take(ctx, deliveryId, worker, isFree)) ?? (await inTransaction(ctx, (tx) => claimAfterAll(tx, deliveryId, worker)));
	if (claim !== "hidden") return claim;
	await withdrawHidden(ctx, deliveryId);
	return null;
};

/** A moment that was reserved long ago is no turn: what wasn't sent then would be sent in a heap with others. */
const hasTurn = sql`coalesce(delivery.turn_at between now() - interval '2 seconds' and now(), false)`;

const isPrivate = sql`(delivery.open_plan_id is not null
	and exists (select from plans plan where plan.id = delivery.open_plan_id and plan.visibility = 'private'))`;

/** It waits, is due, and its integration may be sent to now. */
const mayGo = sql`delivery.status in ('queued', 'retrying', 'unknown') and coalesce(delivery.next_attempt_at <= now(), true)
	and integration.enabled and (coalesce(integration.held_until <= now(), true) or delivery.pass_hold)
	and (delivery.pass_hold
		or integration.breaker_opened_at is null and (integration.delivery_policy ->> 'per_second' is null or ${hasTurn}))`;

/** What nothing stands in the way of; of a private plan it is looked at closer who reads along. */
const isFree = sql`${mayGo} and not ${isPrivate}`;

type Taken = {
	fence: number;
	attempt: number;
	agent_request_id: string | null;
	address: string;
	content: MessageContent;
	payload: string | null;
	uncertain_since: string | null;
	thread: Receipt | null;
	probe: boolean;
	max_in_flight: number;
	integration_id: string;
	adapter: string;
	settings: Record<string, unknown>;
	credentials: Buffer;
	allowed_networks: string[];
};

/**
 * The claim itself, one statement: the delivery's new state, its timer at the lease's end, and the attempt; it brings all that the
 * attempt needs. A lost lease counts as uncertain.
 */
const take = async (
	{ db, projectId, keys }: ProjectContext | Tx<ProjectContext>,
	deliveryId: string,
	worker: string,
	where: SQL,
): Promise<Claim | null> => {
	const { rows } = await db.execute<Taken>(sql`
		with found as (
			select delivery.id, integration.health = 'unauthorized' as probe,
				(integration.delivery_policy ->> 'max_in_flight')::int as max_in_flight,
				integration.adapter, integration.settings, integration.credentials, project.allowed_networks,
				case when delivery.status in ('unknown', 'sending') then coalesce(
					(select min(started_at) from delivery_attempts where delivery_id = delivery.id), delivery.created_at) end as uncertain_since,
				case when delivery.kind in ('reply', 'nudge', 'decision_outcome') then (select root.receipt from message_deliveries root
					where root.agent_request_id = delivery.agent_request_id and root.kind = 'request' and root.receipt is not null
						and root.integration_id = delivery.integration_id and root.address = delivery.address
					order by root.id desc limit 1) end as thread
			from message_deliveries delivery
			join messaging_integrations integration on integration.id = delivery.integration_id
			join projects project on project.id = delivery.project_id
			where delivery.project_id = ${projectId} and delivery.id = ${deliveryId} and ${where}
			for no key update of delivery
		), awaited as (
			select id from timers where type = 'message.delivery.due' and subject_id = (select id from found) for update
		), claimed as (
			update message_deliveries delivery
			set status = 'sending', worker = ${worker}, fence = fence + 1, attempt_count = attempt_count + 1, lease_until = ${leaseEnd},
				next_attempt_at = null, waits_since = null, turn_at = null, pass_hold = false, reason = null, updated_at = now()
			from found, (select count(*) from awaited) as whoever_holds_the_timer_is_waited_for_before_the_lease_runs
			where delivery.id = found.id
			returning delivery.*
		), alarm as (
			insert into timers (project_id, type, subject_id, due_at, data)
			select project_id, 'message.delivery.due', id, lease_until,
				jsonb_build_object('agent_request_id', agent_request_id, 'integration_id', integration_id) from claimed
			${orRenewTimer}
		), attempt as (
			insert into delivery_attempts (project_id, delivery_id, number, worker, started_at)
			select project_id, id, attempt_count, worker, now() from claimed
		)
		select fence, attempt_count as attempt, agent_request_id, address, content, payload, uncertain_since, thread, probe, max_in_flight,
			integration_id, adapter, settings, credentials, allowed_networks
		from claimed join found using (id)`);
	const [taken] = rows;
	if (!taken) return null;
	const { agent_request_id: agentRequestId, integration_id: id, allowed_networks: allowedNetworks, ...rest } = taken;
	const { adapter, settings, credentials, payload, uncertain_since: since, max_in_flight: maxInFlight, ...claimed } = rest;
	return {
		deliveryId,
		agentRequestId,
		...claimed,
		payload: payload === null ? null : sentPayload({ keys, deliveryId }, payload),
		maxInFlight,
		breakerProbe: false,
		uncertainSince: since === null ? null : new Date(since),
		integration: { id, adapter, settings, credentials, allowedNetworks },
	};
};

/**
 * What the first look wouldn't take: a lost lease is taken over, an integration at rest holds it, what is about a plan that others don't see
 * any more is `hidden`, anything else needs nothing.
 */
const claimAfterAll = async (tx: Tx<ProjectContext>, deliveryId: string, worker: string): Promise<Claim | "hidden" | null> => {
	const [found] = await tx.db
		.select({
			delivery: deliveryColumns,
			enabled: messagingIntegrations.enabled,
			due: sql<boolean>`coalesce(${messageDeliveries.nextAttemptAt} <= now(), true)`,
			leaseLost: sql<boolean>`coalesce(${messageDeliveries.leaseUntil} < now(), false)`,
			held: sql<boolean>`coalesce(${messagingIntegrations.heldUntil} > now(), false)`,
			broken: sql<boolean>`${messagingIntegrations.breakerOpenedAt} is not null`,
			limited: sql<boolean>`${messagingIntegrations.deliveryPolicy} ->> 'per_second' is not null`,
			hidden: isHidden,
		})
		.from(messageDeliveries)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.id, deliveryId)))
		.for("no key update", { of: messageDeliveries });
	if (!found) return null;
	const { delivery, enabled, due, leaseLost, held, broken, limited, hidden } = found;
	const waiting = (delivery.status === "queued" || delivery.status === "retrying" || delivery.status === "unknown") && due;
	const abandoned = delivery.status === "sending" && leaseLost;
	if (!waiting && !abandoned) return null;

	if (abandoned && !(await takeOverLost(tx, delivery))) return null;
	if (hidden) {
		if (abandoned) await tx.db.update(messageDeliveries).set(letGo).where(eq(messageDeliveries.id, delivery.id));
		return "hidden";
	}
	// The first look leaves out what is about a private plan: its turn may have come all the same.
	const free = waiting && delivery.openPlanId !== null ? await take(tx, deliveryId, worker, mayGo) : null;
	if (free) return free;
	const passes = delivery.passHold;
	if ((!enabled || (held && !passes)) && (await hold(tx, delivery, abandoned))) return null;
	const way = (broken || limited) && !passes ? await judgeTurn(tx, delivery, abandoned) : "free";
	if (way === "waits") return null;
	const claim = await take(tx, deliveryId, worker, sql`true`);
	return claim && { ...claim, breakerProbe: way === "probe" };
};

/**
 * An integration that is disabled or held keeps its deliveries where they are, with the reason; it never kills them. It is read
 * again under a lock: it may have been enabled while this claim waited for the delivery. False: it is free by now.
 */
const hold = async (tx: Tx<ProjectContext>, delivery: DeliveryRow, abandoned: boolean): Promise<boolean> => {
	const [integration] = await tx.db
		.select({
			name: messagingIntegrations.name,
			enabled: messagingIntegrations.enabled,
			disabledReason: messagingIntegrations.disabledReason,
			heldReason: messagingIntegrations.heldReason,
			heldUntil: sql<Date | null>`case when ${messagingIntegrations.heldUntil} > now() then ${messagingIntegrations.heldUntil} end`.mapWith(
				messagingIntegrations.heldUntil,
			),
		})
		.from(messagingIntegrations)
		.where(eq(messagingIntegrations.id, delivery.integrationId))
		.for("share");
	if (!integration) throw new Error(`Integration ${delivery.integrationId} is gone.`);
	const { name, enabled, heldUntil } = integration;
	if (enabled && (!heldUntil || delivery.passHold)) return false;
	const reason = enabled
		? reasons.integrationHeld(name, integration.heldReason ?? "its platform asked for patience")
		: reasons.integrationDisabled(name, integration.disabledReason);
	await tx.db
		.update(messageDeliveries)
		.set({
			reason,
			nextAttemptAt: enabled ? heldUntil : null,
			waitsSince: null,
			turnAt: null,
			updatedAt: sql`now()`,
			...(abandoned ? { status: "unknown" as const, worker: null, leaseUntil: null } : {}),
		})
		.where(eq(messageDeliveries.id, delivery.id));
	setTimers(tx, {
		type: "message.delivery.due",
		subjectId: delivery.id,
		// While it is disabled the timer only looks in again; enabling wakes its deliveries at once.
		...(enabled && heldUntil ? { dueAt: heldUntil } : { dueInMs: lookInAgainMs }),
		data: deliveryData(delivery),
	});
	if (abandoned) tellDelivery(tx, delivery, { type: "message.delivery.unknown", reason: reason.code });
	// It looks in again and again; pages need to hear only what is new.
	else if (reason.code !== delivery.reason?.code || reason.message !== delivery.reason.message)
		tellDelivery(tx, delivery, { type: "message.delivery.held", reason: reason.code });
	return true;
};
