import type { SkipReason } from "@agentplanner/contracts";
import { and, asc, eq, gt, lte, messageDeliveries, replayJobs, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { type Actor, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { sendNow } from "../deliveries/retry-delivery.ts";
import { emit } from "../emit.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";
import { deleteTimers, setTimers } from "../timers.ts";
import { isDead, isMineToSend, skipReason } from "./select-dead.ts";

/*
 * A replay goes through its dead letters by their ids. Each is sent again in one transaction with the step of the cursor behind it, so
 * whatever dies, it goes on where it was and sends none twice. A batch is what may be sent in one second; the timer of the next one is
 * set as it begins, and stands until the replay has ended.
 */

const batchMs = 1_000;
/** A batch that is slow leaves the rest to the next one. */
const longestMs = 900;
/** After one that can't be sent, so many are looked at, to pass over those that can't either. */
const lookAhead = 200;

type Job = typeof replayJobs.$inferSelect;

/** The next batch; one that begins too early, or of a replay that doesn't run any more, does nothing. */
export const continueReplayJob = async (ctx: ProjectContext, jobId: string): Promise<void> => {
	const rate = await beginBatch(ctx, jobId);
	const began = performance.now();
	let last: Step = "sent";
	for (let sent = 0; sent < rate && performance.now() - began < longestMs; ) {
		last = await takeStep(ctx, jobId, last === "sent" ? 1 : lookAhead);
		if (last === "over") return;
		if (last === "sent") sent += 1;
	}
};

/** How many it may send; 0 while another batch has this second, and where nothing is to be done any more. */
const beginBatch = (ctx: ProjectContext, jobId: string): Promise<number> =>
	inTransaction(ctx, async (tx) => {
		const job = await lockJob(tx, jobId);
		if (job?.state !== "running") {
			deleteTimers(tx, jobId, "delivery.replay.due");
			return 0;
		}
		if (!(await mayStill(asWhoBegan(tx, job)))) {
			await end(tx, job, "cancelled");
			return 0;
		}
		const waitMs = job.nextBatchAt.getTime() - (await databaseTime(tx));
		if (waitMs > 0) {
			setTimers(tx, { type: "delivery.replay.due", subjectId: jobId, dueInMs: waitMs });
			return 0;
		}
		await tx.db
			.update(replayJobs)
			.set({ nextBatchAt: sql`clock_timestamp() + ${batchMs}::double precision * interval '1 millisecond'` })
			.where(eq(replayJobs.id, jobId));
		setTimers(tx, { type: "delivery.replay.due", subjectId: jobId, dueInMs: batchMs });
		return job.ratePerSecond;
	});

/** Whoever began it may have lost the right to, or have left. */
const mayStill = async (ctx: ProjectContext): Promise<boolean> => {
	try {
		await authorize(ctx, "deliveries:retry");
		return true;
	} catch (error) {
		if (error instanceof ForbiddenError || error instanceof NotFoundError) return false;
		throw error;
	}
};

const databaseTime = async (tx: Tx): Promise<number> => {
	const { rows } = await tx.db.execute<{ ms: string }>(sql`select extract(epoch from clock_timestamp()) * 1000 as ms`);
	return Number(rows[0]?.ms);
};

const lockJob = async (tx: Tx<ProjectContext>, jobId: string): Promise<Job | undefined> => {
	const [job] = await tx.db
		.select()
		.from(replayJobs)
		.where(and(eq(replayJobs.projectId, tx.projectId), eq(replayJobs.id, jobId)))
		.for("no key update");
	return job;
};

type Step = "sent" | "passed" | "over";

/** Sends the next one; one that was sent, answered or closed while it was about to be is passed over. */
const takeStep = async (ctx: ProjectContext, jobId: string, ahead: number): Promise<Step> => {
	let next: string | undefined;
	try {
		return await inTransaction(ctx, async (tx) => {
			const found = await findNext(tx, jobId, ahead);
			if (!found) return "over";
			const { job, passed, deliveryId } = found;
			if (deliveryId === null) {
				if (passed.length === 0) return end(tx, job, "finished");
				await moveOn(tx, job, { passed, done: 0 });
				return "passed";
			}
			next = deliveryId;
			await sendNow(asWhoBegan(tx, job), deliveryId, { onlyDead: true });
			await moveOn(tx, job, { passed: [...passed, { id: deliveryId, reason: null }], done: 1 });
			return "sent";
		});
	} catch (error) {
		if (next === undefined || !(error instanceof ConflictError || error instanceof NotFoundError)) throw error;
		return passOver(ctx, jobId, next);
	}
};

const passOver = (ctx: ProjectContext, jobId: string, deliveryId: string): Promise<Step> =>
	inTransaction(ctx, async (tx) => {
		const job = await lockJob(tx, jobId);
		if (job?.state !== "running") return "over";
		// Another batch may have come further meanwhile.
		if (job.cursor === null || job.cursor < deliveryId) await moveOn(tx, job, { passed: [{ id: deliveryId, reason: "changed" }], done: 0 });
		return "passed";
	});

/** Whoever began it, by their rights of now. */
const asWhoBegan = <C extends ProjectContext | Tx<ProjectContext>>(ctx: C, job: Job): C => ({ ...ctx, actor: job.actor as Actor });

type Passed = { id: string; reason: SkipReason | null };

/** Among the next ones the first that can be sent, and those before it that can't. */
const findNext = async (
	tx: Tx<ProjectContext>,
	jobId: string,
	ahead: number,
): Promise<{ job: Job; passed: Passed[]; deliveryId: string | null } | null> => {
	const job = await lockJob(tx, jobId);
	if (job?.state !== "running") return null;
	const asked = asWhoBegan(tx, job);
	const rows = await tx.db
		.select({ id: messageDeliveries.id, reason: skipReason(job.filter) })
		.from(messageDeliveries)
		.where(
			and(
				isDead(asked, job.filter),
				isMineToSend(asked),
				// What gave up since then is not of this replay, nor what it has sent itself and gave up again.
				lte(messageDeliveries.updatedAt, job.createdAt),
				job.cursor === null ? undefined : gt(messageDeliveries.id, job.cursor),
			),
		)
		.orderBy(asc(messageDeliveries.id))
		.limit(ahead);
	const free = rows.findIndex(({ reason }) => reason === null);
	return { job, passed: free === -1 ? rows : rows.slice(0, free), deliveryId: rows[free]?.id ?? null };
};

const moveOn = async (tx: Tx<ProjectContext>, job: Job, { passed, done }: { passed: Passed[]; done: number }): Promise<void> => {
	const skipped = { ...job.skipped };
	for (const { reason } of passed) if (reason !== null) skipped[reason] = (skipped[reason] ?? 0) + 1;
	await tx.db
		.update(replayJobs)
		.set({ cursor: passed.at(-1)?.id ?? job.cursor, done: job.done + done, skipped, updatedAt: sql`now()` })
		.where(eq(replayJobs.id, job.id));
};

const end = async (tx: Tx<ProjectContext>, job: Job, state: "finished" | "cancelled"): Promise<"over"> => {
	const counted = Object.values(job.skipped).reduce((sum, count) => sum + count, 0);
	// What it never met had changed before it came there.
	const missed = Math.max(0, job.total - job.done - counted);
	await tx.db
		.update(replayJobs)
		.set({
			state,
			finishedAt: sql`now()`,
			updatedAt: sql`now()`,
			skipped: { ...job.skipped, changed: (job.skipped.changed ?? 0) + missed },
		})
		.where(eq(replayJobs.id, job.id));
	deleteTimers(tx, job.id, "delivery.replay.due");
	if (state === "finished") emit(tx, { type: "delivery.replay.finished", subjectId: job.id, data: { total: job.total, done: job.done } });
	else emit(tx, { type: "delivery.replay.cancelled", subjectId: job.id, data: { done: job.done } });
	return "over";
};
