import type { Subscription } from "@agentplanner/contracts";
import { and, asc, desc, eq, events, gt, lt, lte, type SQL, sql, webhookSubscriptions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, UnprocessableError } from "../errors.ts";
import { currentPosition } from "../events/current-position.ts";
import { deleteTimers, setTimers } from "../timers.ts";
import { isSubscription, loadSubscription, lockSubscription } from "./queries.ts";
import { readSubscription } from "./read-subscriptions.ts";
import { type SelectableEvent, selectEvents } from "./select-events.ts";
import { readFilters, startDelivering } from "./start-delivering.ts";

/*
 * A replay walks over the project's events in steps, each a transaction of its own that writes the deliveries, moves
 * `replay_position` on and sets the timer of the next step: whatever dies, it goes on where it was. What was sent before is
 * not sent again, since there is one delivery of an event to a subscription.
 */

const oldest = sql`interval '14 days'`;
const stepSize = 500;
/** Leaves the receiver some air: at most so many events in that time. */
const stepMs = 1_000;
/** How often one whose subscription or integration is switched off looks whether it may go on. */
const pausedMs = 60_000;

type From = { from_position?: number | undefined; since?: string | undefined };

/**
 * Sends what was missed: the matching events after a position or a moment, of at most the last 14 days, that were never sent to this
 * subscription. Throws NotFoundError, ForbiddenError below admin, UnprocessableError for no or too early a beginning, and ConflictError
 * where nothing can be sent now, or a replay is under way.
 */
export const replayEvents = async (ctx: ProjectContext, subscriptionId: string, from: From): Promise<Subscription> => {
	await authorize(ctx, "subscriptions:manage");
	return inTransaction(ctx, async (tx) => {
		const { enabled, replayPosition } = await lockSubscription(tx, subscriptionId);
		const { integration } = await loadSubscription(tx, subscriptionId);
		if (!enabled || !integration.enabled) throw new ConflictError("Nothing is sent to this subscription now. Enable it first.");
		if (replayPosition !== null) throw new ConflictError("What was missed is being sent already. Wait until that has ended.");
		const position = await findBeginning(tx, from);
		const until = await currentPosition(tx);
		await tx.db
			.update(webhookSubscriptions)
			.set({ replayPosition: position, replayUntil: until, updatedAt: sql`now()` })
			.where(isSubscription(tx, subscriptionId));
		setTimers(tx, { type: "subscription.replay.due", subjectId: subscriptionId, dueInMs: 0 });
		emit(tx, { type: "subscription.replay.started", subjectId: subscriptionId, data: { from_position: position, until_position: until } });
		await audit(tx, { type: "subscription.replayed", subjectId: subscriptionId, data: { from_position: position, until_position: until } });
		return readSubscription(tx, subscriptionId);
	});
};

const findBeginning = async (tx: Tx<ProjectContext>, { from_position: given, since }: From): Promise<number> => {
	if ((given === undefined) === (since === undefined))
		throw new UnprocessableError("Say from where: give either from_position or since.", [
			{ field: "body.since", message: "is needed, unless from_position is given" },
		]);
	const earliest = await lastBefore(tx, sql`now() - ${oldest}`);
	if (since === undefined) return Math.max(given ?? 0, earliest);
	if (Date.parse(since) < tx.now().getTime() - 14 * 86_400_000 - 60_000)
		throw new UnprocessableError("Events of more than 14 days ago are not sent again.", [
			{ field: "body.since", message: "must be at most 14 days ago" },
		]);
	return Math.max(earliest, await lastBefore(tx, sql`${since}::timestamptz`));
};

/** The last position given to what happened before; walks back over what happened since. */
const lastBefore = async (tx: Tx<ProjectContext>, moment: SQL): Promise<number> => {
	const [found] = await tx.db
		.select({ position: events.position })
		.from(events)
		.where(and(eq(events.projectId, tx.projectId), gt(events.position, 0), lt(events.occurredAt, moment)))
		.orderBy(desc(events.position))
		.limit(1);
	return found?.position ?? 0;
};

/** The next step, of the system's doing; one that is not under way any more needs none. */
export const continueReplay = (ctx: ProjectContext, subscriptionId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const [row] = await tx.db.select().from(webhookSubscriptions).where(isSubscription(tx, subscriptionId)).for("no key update");
		if (!row || row.replayPosition === null || row.replayUntil === null) {
			deleteTimers(tx, subscriptionId, "subscription.replay.due");
			return;
		}
		const filters = (await readFilters(tx.db, [tx.projectId])).filter(({ id }) => id === row.id);
		if (filters.length === 0) return setTimers(tx, { type: "subscription.replay.due", subjectId: subscriptionId, dueInMs: pausedMs });
		const batch = await readEvents(tx, row.replayPosition, row.replayUntil);
		const matches = selectEvents(
			filters.map((filter) => ({ ...filter, fromPosition: 0 })),
			batch,
		);
		const sent = matches.length === 0 ? 0 : await startDelivering(tx.db, matches);
		if (sent > 0) tx.pending.wakes.add("timers");
		const over = batch.length < stepSize;
		const position = batch.at(-1)?.position ?? row.replayPosition;
		await tx.db
			.update(webhookSubscriptions)
			.set(over ? { replayPosition: null, replayUntil: null } : { replayPosition: position })
			.where(isSubscription(tx, subscriptionId));
		if (!over) return setTimers(tx, { type: "subscription.replay.due", subjectId: subscriptionId, dueInMs: stepMs });
		deleteTimers(tx, subscriptionId, "subscription.replay.due");
		emit(tx, { type: "subscription.replay.ended", subjectId: subscriptionId, data: { until_position: row.replayUntil } });
	});

const readEvents = async (tx: Tx<ProjectContext>, after: number, until: number): Promise<SelectableEvent[]> => {
	const rows = await tx.db
		.select()
		.from(events)
		.where(and(eq(events.projectId, tx.projectId), gt(events.position, after), lte(events.position, until)))
		.orderBy(asc(events.position))
		.limit(stepSize);
	return rows.map((row) => ({ ...row, position: row.position ?? 0 }));
};
