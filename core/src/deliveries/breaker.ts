import { eq, messagingIntegrations, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { deleteTimers, fromNow, setTimers } from "../timers.ts";
import { giveTurns } from "./give-turns.ts";
import { causedBy } from "./hold-integration.ts";

/*
 * The breaker of an integration, in the integration's row:
 *
 *   closed ──many attempts unanswered──► open ──30 s──► half open: one delivery probes ──answered──► closed
 *                                         ▲                              │
 *                                         └───────────unanswered─────────┘   (twice the wait, up to 10 minutes)
 *
 * While it is open what is due waits its turn (wait-turn.ts) and spends no attempt; what began before and is answered now proves nothing.
 * Closed, the first ones get their turn, and each of them makes room for the next. “Retry now” passes it once.
 */

/** So many attempts in a row without an answer open it. */
const openAfter = 10;
/** From as many on it is looked at whether one more opens it; before, nobody waits for the count. */
export const nearOpening = 5;
const firstProbeMs = 30_000;
const longestProbeMs = 600_000;
/** A probe that hasn't ended by then never will: longer than an attempt may take. */
const probeLostMs = 20_000;

/** What of an integration's row says that its breaker is closed and has counted nothing. */
export const closedBreaker = { breakerFailures: 0, breakerOpenedAt: null, breakerProbes: 0, breakerProbeAt: null, breakerProbing: false };

const probeTimer = "integration.breaker.due";

const probeAgainMs = sql`least(${firstProbeMs} * power(2, least(breaker_probes + 1, 10)), ${longestProbeMs})`;

/** What was attempted, of the delivery. */
type Attempted = { id: string; integrationId: string; subscriptionId: string | null; atBreaker: boolean };

type Counted = { opened: boolean; failures: number; probe_in_ms: number | null };

/**
 * Counts an attempt that got no answer. Opens the breaker after ten in a row, or where `mostFail`; has the next probe wait twice as long
 * where this was one.
 */
export const countUnanswered = async (
	tx: Tx<ProjectContext>,
	{ integrationId, subscriptionId, atBreaker }: Attempted,
	{ wasProbe, mostFail }: { wasProbe: boolean; mostFail: boolean },
): Promise<void> => {
	if (!atBreaker && !mostFail) {
		// What follows goes to the server behind it.
		tx.db
			.update(messagingIntegrations)
			.set({ breakerFailures: sql`breaker_failures + 1` })
			.where(eq(messagingIntegrations.id, integrationId))
			.execute()
			.catch(() => {});
		return;
	}
	const opens = sql`(breaker_opened_at is null and (breaker_failures + 1 >= ${openAfter} or ${mostFail}))`;
	const probed = sql`(breaker_opened_at is not null and ${wasProbe})`;
	const { rows } = await tx.db.execute<Counted>(sql`
		update messaging_integrations set
			breaker_failures = breaker_failures + 1,
			breaker_opened_at = case when ${opens} then clock_timestamp() else breaker_opened_at end,
			breaker_probes = case when ${probed} then breaker_probes + 1 else breaker_probes end,
			breaker_probe_at = case
				when ${opens} then ${fromNow(firstProbeMs)}
				when ${probed} then now() + ${probeAgainMs} * interval '1 millisecond'
				else breaker_probe_at end,
			breaker_probing = breaker_probing and not ${wasProbe}
		where id = ${integrationId}
		returning old.breaker_opened_at is null and new.breaker_opened_at is not null as opened, breaker_failures as failures,
			case when new.breaker_probe_at is distinct from old.breaker_probe_at
				then extract(epoch from new.breaker_probe_at - now())::double precision * 1000 end as probe_in_ms`);
	const [counted] = rows;
	if (counted?.probe_in_ms != null) setTimers(tx, { type: probeTimer, subjectId: integrationId, dueInMs: counted.probe_in_ms });
	if (counted?.opened)
		emit(tx, {
			type: "integration.breaker.opened",
			subjectId: integrationId,
			data: { failures: counted.failures, ...causedBy({ integrationId, subscriptionId }) },
		});
};

/**
 * An attempt was answered, whatever the answer: closes the breaker, unless that opened while the attempt was under way, and gives the first
 * of those that wait their turn.
 */
export const countAnswered = async (tx: Tx<ProjectContext>, { id, integrationId, subscriptionId }: Attempted): Promise<void> => {
	const { rows } = await tx.db.execute<{ was_open: boolean; room: number }>(sql`
		update messaging_integrations
		set breaker_failures = 0, breaker_opened_at = null, breaker_probes = 0, breaker_probe_at = null, breaker_probing = false
		where id = ${integrationId} and (breaker_opened_at is null
			or breaker_opened_at < (select max(started_at) from delivery_attempts where delivery_id = ${id}))
		returning old.breaker_opened_at is not null as was_open, (delivery_policy ->> 'max_in_flight')::int as room`);
	const [before] = rows;
	if (!before?.was_open) return;
	deleteTimers(tx, integrationId, probeTimer);
	emit(tx, {
		type: "integration.breaker.closed",
		subjectId: integrationId,
		data: causedBy({ integrationId, subscriptionId }),
	});
	await giveTurns(tx, integrationId, before.room);
};

/** Makes the delivery of a claim the one that probes; its integration is locked, and its probe due. */
export const beginProbe = async (tx: Tx<ProjectContext>, integrationId: string): Promise<void> => {
	await tx.db
		.update(messagingIntegrations)
		.set({ breakerProbing: true, breakerProbeAt: fromNow(probeLostMs) as unknown as Date })
		.where(eq(messagingIntegrations.id, integrationId));
	setTimers(tx, { type: probeTimer, subjectId: integrationId, dueInMs: probeLostMs });
};

/** When the probe is due: wakes the delivery that waits longest. Where none waits, the next one that comes is the probe. */
export const wakeProbe = (ctx: ProjectContext, integrationId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const [integration] = await tx.db
			.select({ openedAt: messagingIntegrations.breakerOpenedAt })
			.from(messagingIntegrations)
			.where(eq(messagingIntegrations.id, integrationId));
		if (!integration?.openedAt) return deleteTimers(tx, integrationId, probeTimer);
		const given = await giveTurns(tx, integrationId, 1, { probe: true });
		setTimers(tx, { type: probeTimer, subjectId: integrationId, dueInMs: given.length > 0 ? probeLostMs : longestProbeMs });
	});

/** No probe is due any more; `closedBreaker` is for the caller to write. */
export const forgetProbe = (tx: Tx<ProjectContext>, integrationId: string): void => deleteTimers(tx, integrationId, probeTimer);
