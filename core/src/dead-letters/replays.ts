import type { ReplayFilter, ReplayJob } from "@agentplanner/contracts";
import { and, desc, eq, inArray, isUniqueViolation, lt, replayJobs, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError, UnprocessableError } from "../errors.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { deleteTimers, setTimers } from "../timers.ts";
import { presentReplay } from "./present.ts";
import { previewReplay } from "./preview-replay.ts";

/**
 * Begins to send again what gave up and matches; run-replay.ts does it. Throws ForbiddenError below editor, UnprocessableError where
 * nothing would be sent, and ConflictError while one for the same integration hasn't ended, or, without an integration, another one without.
 * Two that overlap do no harm: each message is sent by the one that comes first.
 */
export const startReplay = async (ctx: ProjectContext, input: { filter: ReplayFilter; rate_per_second: number }): Promise<ReplayJob> => {
	try {
		return await inTransaction(ctx, async (tx) => {
			const { total, replayable, skipped } = await previewReplay(tx, input.filter);
			if (replayable === 0)
				throw new UnprocessableError(["Nothing would be sent.", ...skipped.map(({ message, count }) => `${count}: ${message}`)].join(" "), [
					{ field: "body.filter", message: "matches nothing that can be sent" },
				]);
			const [job] = await tx.db
				.insert(replayJobs)
				.values({
					projectId: tx.projectId,
					filter: input.filter,
					total,
					ratePerSecond: input.rate_per_second,
					actor: { ...tx.actor },
					createdBy: actorName(tx.actor),
				})
				.returning();
			if (!job) throw new Error("The insert returned no row.");
			setTimers(tx, { type: "delivery.replay.due", subjectId: job.id, dueInMs: 0 });
			emit(tx, { type: "delivery.replay.started", subjectId: job.id, data: { total } });
			await audit(tx, { type: "replay.started", subjectId: job.id, data: { total, filter: input.filter } });
			return presentReplay(job);
		});
	} catch (error) {
		if (isUniqueViolation(error, "replay_jobs_running_key"))
			throw new ConflictError("These are being sent again already. Wait until that replay has ended, or cancel it.");
		throw error;
	}
};

const isReplay = ({ projectId }: ProjectContext, id: string) => and(eq(replayJobs.projectId, projectId), eq(replayJobs.id, id));

/** Throws NotFoundError, and ForbiddenError below editor. */
export const getReplay = async (ctx: ProjectContext, jobId: string): Promise<ReplayJob> => {
	await authorize(ctx, "deliveries:retry");
	const [job] = await ctx.db.select().from(replayJobs).where(isReplay(ctx, jobId));
	if (!job) throw new NotFoundError("replay");
	return presentReplay(job);
};

/** Newest first. Throws ForbiddenError below editor. */
export const listReplays = async (ctx: ProjectContext, query: PageInput): Promise<{ items: ReplayJob[]; next_cursor: string | null }> => {
	await authorize(ctx, "deliveries:retry");
	const before = cursorId(query);
	const rows = await ctx.db
		.select()
		.from(replayJobs)
		.where(and(eq(replayJobs.projectId, ctx.projectId), before ? lt(replayJobs.id, before) : undefined))
		.orderBy(desc(replayJobs.id))
		.limit(query.limit + 1);
	return toPage(rows, query.limit, presentReplay);
};

type State = ReplayJob["state"];

const moveReplay = async (
	ctx: ProjectContext,
	jobId: string,
	from: State[],
	to: "running" | "paused" | "cancelled",
): Promise<ReplayJob> => {
	await authorize(ctx, "deliveries:retry");
	return inTransaction(ctx, async (tx) => {
		const [job] = await tx.db
			.update(replayJobs)
			.set({ state: to, updatedAt: sql`now()`, ...(to === "cancelled" ? { finishedAt: sql`now()` } : {}) })
			.where(and(isReplay(tx, jobId), inArray(replayJobs.state, from)))
			.returning();
		if (!job) {
			const { state } = await getReplay(tx, jobId);
			throw new ConflictError(`This replay is ${state}, so it can't be ${to === "running" ? "resumed" : to}.`);
		}
		if (to === "running") setTimers(tx, { type: "delivery.replay.due", subjectId: jobId, dueInMs: 0 });
		else deleteTimers(tx, jobId, "delivery.replay.due");
		emit(tx, { type: `delivery.replay.${to === "running" ? "resumed" : to}`, subjectId: jobId, data: { done: job.done } });
		if (to === "cancelled") await audit(tx, { type: "replay.cancelled", subjectId: jobId, data: { done: job.done } });
		return presentReplay(job);
	});
};

/** What is being sent at this moment still goes out. Throws NotFoundError, ForbiddenError below editor, and 409 for one that has ended. */
export const cancelReplay = (ctx: ProjectContext, jobId: string) => moveReplay(ctx, jobId, ["running", "paused"], "cancelled");

/** The same, but it can go on. */
export const pauseReplay = (ctx: ProjectContext, jobId: string) => moveReplay(ctx, jobId, ["running"], "paused");

export const resumeReplay = (ctx: ProjectContext, jobId: string) => moveReplay(ctx, jobId, ["paused"], "running");
