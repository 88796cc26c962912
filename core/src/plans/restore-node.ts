import type { ChangeResult } from "@agentplanner/contracts";
import { and, eq, isNotNull, planNodes } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { lockDependencies } from "../dependencies/lock-dependencies.ts";
import { releaseBlocked } from "../dependencies/watch-waiting.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { authorizeMissing, authorizePlan } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { assertRoomBelow, lockPlan, pathOfParent } from "./parent.ts";
import { presentChange, recordChange } from "./plan-change.ts";
import { bringBack, countLevels } from "./subtree.ts";

/**
 * Brings a deleted node back to where it stood, with all below it that was deleted along with it. Throws NotFoundError for one that is
 * not deleted, ForbiddenError below editor, ConflictError while what it stood under is deleted, and UnprocessableError where that is too
 * deep by now.
 */
export const restoreNode = (ctx: ProjectContext, nodeId: string): Promise<ChangeResult> =>
	inTransaction(ctx, async (tx) => {
		const known = await findDeleted(tx, nodeId);
		if (!known) return authorizeMissing(tx, "plans:write", "deleted node");
		const { planId } = known;
		await authorizePlan(tx, "plans:write", planId, { what: "deleted node" });
		await lockPlan(tx, planId);
		await lockDependencies(tx);
		const found = await findDeleted(tx, nodeId);
		if (!found) throw new NotFoundError("deleted node");
		const { node, deletionId, parent } = found;
		if (parent?.deletedAt) throw new ConflictError(`It stood under “${parent.title}”, which is deleted, too. Restore that first.`);
		assertRoomBelow(await pathOfParent(tx, node.planId, node.parentId), await countLevels(tx, node.planId, [node.id], deletionId));
		await bringBack(tx, node.planId, [node.id], deletionId);
		// What it waited for may have ended meanwhile.
		await releaseBlocked(tx, [node.id], changeStatus);
		const change = await recordChange(tx, [node], { kind: "restore", node_id: node.id, deletion_id: deletionId });
		emit(tx, {
			type: "node.restored",
			subjectId: node.id,
			data: { plan_id: node.planId, parent_id: node.parentId, title: node.title, change_id: change.id },
		});
		return { change: presentChange(change) };
	});

const findDeleted = async (tx: Tx<ProjectContext>, nodeId: string) => {
	const [node] = await tx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, tx.projectId), eq(planNodes.id, nodeId), isNotNull(planNodes.deletedAt)));
	if (!node?.deletionId) return null;
	const [parent] = node.parentId === null ? [] : await tx.db.select().from(planNodes).where(eq(planNodes.id, node.parentId));
	return { node, planId: node.planId, deletionId: node.deletionId, parent };
};
