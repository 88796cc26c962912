import type { ChangeResult, NodeStatus } from "@agentplanner/contracts";
import { and, eq, type PlanChangeSteps, planChanges, planNodes } from "@agentplanner/db";
import { listEndedWith } from "../claims/list-ended-with.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { listHeld } from "../decisions/hold-node.ts";
import { lockDependencies } from "../dependencies/lock-dependencies.ts";
import { watchMoves } from "../dependencies/watch-moves.ts";
import { lockHeldUp, releaseBlocked } from "../dependencies/watch-waiting.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError, UnprocessableError } from "../errors.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { changeStatus, type Manner, type NodeRow } from "./change-status.ts";
import { findOthersWork } from "./find-others-work.ts";
import { lockNodes } from "./lock-nodes.ts";
import { assertMayStandUnder, lockPlan } from "./parent.ts";
import { closeChange, findLastChange, type PlanChangeRow, presentChange } from "./plan-change.ts";
import { removeWithAllOfIt } from "./remove-with-all-of-it.ts";
import { placeUnder, type Spot } from "./siblings.ts";
import { bringBack, countLevels, listBelow } from "./subtree.ts";

/**
 * Undoes the last change of a plan's shape, which the caller names as they saw it; then the one before is the last. Throws NotFoundError,
 * ForbiddenError below editor, and ConflictError when it is not the last one any more, was undone already, or can't be
 * undone, as where somebody else has worked since on what it would take away.
 */
export const undoPlanChange = async (ctx: ProjectContext, planId: string, changeId: string): Promise<ChangeResult> => {
	await authorizePlan(ctx, "plans:write", planId);
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, planId);
		const change = await loadChange(tx, planId, changeId);
		if (change.undoneBy !== null) throw new ConflictError(`${change.undoneBy} has undone this already.`);
		const last = await findLastChange(tx, planId);
		if (last && last.id !== change.id)
			throw new ConflictError(`${last.madeBy} has changed the plan since: ${describe(last)}. Undo that first, or change it back by hand.`);
		await takeBack(tx, change, change.steps);
		emit(tx, { type: "plan.change.undone", subjectId: planId, data: { plan_id: planId, change_id: change.id, kind: change.kind } });
		return { change: presentChange(await closeChange(tx, change.id)) };
	});
};

const loadChange = async (tx: Tx<ProjectContext>, planId: string, changeId: string): Promise<PlanChangeRow> => {
	const [change] = await tx.db
		.select()
		.from(planChanges)
		.where(and(eq(planChanges.projectId, tx.projectId), eq(planChanges.planId, planId), eq(planChanges.id, changeId)));
	if (!change) throw new NotFoundError("change");
	return change;
};

const done = { create: "created", move: "moved", delete: "deleted", restore: "restored", status: "status of" } as const;

const describe = ({ kind, title, nodes }: PlanChangeRow): string => {
	const what = nodes === 1 ? `“${title}”` : `“${title}” and ${nodes - 1} more`;
	return `${done[kind]} ${what}`;
};

const takeBack = async (tx: Tx<ProjectContext>, { id, planId }: PlanChangeRow, steps: PlanChangeSteps): Promise<void> => {
	switch (steps.kind) {
		case "create":
			return removeAlone(tx, planId, steps.node_id, id);
		case "move":
			return moveBack(tx, planId, steps.from);
		case "delete":
			return bringAllBack(tx, planId, id);
		case "restore":
			return removeRestored(tx, planId, steps, id);
		case "status":
			return setStatusesBack(tx, id, steps);
	}
};

const removeAlone = async (tx: Tx<ProjectContext>, planId: string, nodeId: string, changeId: string) => {
	await lockHeldUp(tx, [nodeId]);
	await lockLive(tx, [nodeId]);
	if ((await countLevels(tx, planId, [nodeId])) > 1)
		throw new ConflictError("Something stands below it by now. Delete it, if that is to go along.");
	await removeWithAllOfIt(tx, planId, [nodeId], changeId);
	await assertOnlyOwnWork(tx, [nodeId], changeId);
};

type Restored = Extract<PlanChangeSteps, { kind: "restore" }>;

const removeRestored = async (
	tx: Tx<ProjectContext>,
	planId: string,
	{ node_id: nodeId, deletion_id: deletionId }: Restored,
	changeId: string,
) => {
	const ids = await listBelow(tx, planId, [nodeId]);
	await removeWithAllOfIt(tx, planId, [nodeId], deletionId);
	await assertOnlyOwnWork(tx, ids, changeId);
};

/** What somebody else has put into it since isn't taken away with it. Asked once all is locked: nobody edits it any more. */
const assertOnlyOwnWork = async (tx: Tx<ProjectContext>, nodeIds: string[], changeId: string): Promise<void> => {
	const work = await findOthersWork(tx, nodeIds, changeId);
	if (work) throw new ConflictError(`${work.by} has ${work.did} “${work.title}” since. Delete it, if that is to go along.`);
};

type From = Extract<PlanChangeSteps, { kind: "move" }>["from"];

const moveBack = async (tx: Tx<ProjectContext>, planId: string, from: From) => {
	const movedIds = from.map(({ id }) => id);
	const settle = await watchMoves(tx, movedIds, changeStatus);
	await lockLive(tx, movedIds);
	const byParent = Map.groupBy(from, ({ parent_id }) => parent_id);
	try {
		for (const [parentId, moved] of byParent) {
			const spots: Spot[] = moved.map(({ id, after_id }) => ({ id, afterId: after_id }));
			const ids = moved.map(({ id }) => id);
			await assertMayStandUnder(tx, planId, parentId, { ids, levels: await countLevels(tx, planId, ids) });
			await placeUnder(tx, planId, parentId, spots);
		}
		// Once all stand where they stood: halfway they may wait for each other as they don't in the end.
		await settle(from.map(({ id, parent_id }) => ({ id, parentId: parent_id })));
	} catch (error) {
		if (!(error instanceof UnprocessableError)) throw error;
		throw new ConflictError(`It can't go back to where it stood. ${error.message}`);
	}
};

const bringAllBack = async (tx: Tx<ProjectContext>, planId: string, deletionId: string) => {
	const gone = await tx.db
		.select({ id: planNodes.id, parentId: planNodes.parentId })
		.from(planNodes)
		.where(and(eq(planNodes.projectId, tx.projectId), eq(planNodes.planId, planId), eq(planNodes.deletionId, deletionId)));
	if (gone.length === 0) throw new ConflictError("It was deleted more than 30 days ago, and is gone for good.");
	const ids = new Set(gone.map(({ id }) => id));
	const tops = gone.flatMap(({ id, parentId }) => (parentId !== null && ids.has(parentId) ? [] : [id]));
	await lockDependencies(tx);
	await bringBack(tx, planId, tops, deletionId);
	// What it waited for may have ended meanwhile.
	await releaseBlocked(tx, tops, changeStatus);
};

type Statuses = Extract<PlanChangeSteps, { kind: "status" }>;

const setStatusesBack = async (tx: Tx<ProjectContext>, changeId: string, { to, from: noted }: Statuses) => {
	const from = await withoutClaims(tx, changeId, noted);
	const ids = from.map(({ id }) => id);
	if (from.some(({ status, blocked_from }) => status === "completed" || status === "cancelled" || blocked_from)) await lockDependencies(tx);
	else await lockHeldUp(tx, ids);
	const nodes = new Map((await lockLive(tx, ids)).map((node) => [node.id, node]));
	const changed = [...nodes.values()].find(({ status }) => status !== to);
	if (changed) throw new ConflictError(`“${changed.title}” has another status by now: ${changed.status}. Change it by hand.`);
	const held = await listHeld(
		tx,
		from.flatMap(({ id, blocked_by }) => (blocked_by === "decision" ? [id] : [])),
	);
	const mannerOf = ({ id, status, blocked_by: blockedBy, blocked_from: blockedFrom }: Former): { status: NodeStatus } & Manner => {
		if (!blockedBy || !blockedFrom) return { status };
		return blockedBy === "decision" && !held.has(id) ? { status: blockedFrom } : { status, blockedBy, blockedFrom };
	};
	for (const [first, ...others] of Map.groupBy(from, (one) => JSON.stringify(mannerOf(one))).values()) {
		if (!first) continue;
		const { status, ...manner } = mannerOf(first);
		const formerly = [first, ...others].flatMap(({ id }) => nodes.get(id) ?? []);
		await changeStatus(tx, formerly, status, manner);
	}
	// What they waited for may have ended meanwhile.
	const waited = from.flatMap(({ id, blocked_by }) => (blocked_by === "dependency" ? [id] : []));
	if (waited.length > 0) await releaseBlocked(tx, waited, changeStatus);
};

type Former = Statuses["from"][number];

/**
 * A claim that the change ended stays ended: its holder was told so, and has gone on. So what was in progress by it goes back to where
 * it was before, as after every claim that ends without the work being done, and can be claimed anew.
 */
const withoutClaims = async (tx: Tx<ProjectContext>, changeId: string, from: Former[]): Promise<Former[]> => {
	const ended = await listEndedWith(
		tx,
		changeId,
		from.map(({ id }) => id),
	);
	return from.map((one) => {
		const before = ended.get(one.id);
		if (before !== "not_started") return one;
		if (one.blocked_from === "in_progress") return { ...one, blocked_from: before };
		return one.status === "in_progress" ? { ...one, status: before } : one;
	});
};

const lockLive = async (tx: Tx<ProjectContext>, ids: string[]): Promise<NodeRow[]> => {
	const nodes = await lockNodes(tx, ids);
	if (nodes.length < ids.length) throw new ConflictError("What was changed is not there any more.");
	return nodes;
};
