import type { ChangeResult, DeleteNodesInput } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError } from "../errors.ts";
import { assertVersion } from "../version.ts";
import { authorizeNode, authorizePlan } from "./authorize-plan.ts";
import type { NodeRow } from "./change-status.ts";
import { lockChosen, topsOf } from "./choose-nodes.ts";
import { lockNodes } from "./lock-nodes.ts";
import { lockPlan } from "./parent.ts";
import { presentChange, recordChange } from "./plan-change.ts";
import { lockWhatTheyHoldUp, removeWithAllOfIt } from "./remove-with-all-of-it.ts";

/**
 * Deletes nodes of one plan with all below them, all or none. For 30 days they can be restored. Throws NotFoundError without the plan,
 * ForbiddenError below editor, UnprocessableError for one that is not in the plan, and PreconditionFailedError when one is no longer at
 * the version named.
 */
export const deleteNodes = async (ctx: ProjectContext, planId: string, input: DeleteNodesInput): Promise<ChangeResult> => {
	await authorizePlan(ctx, "plans:write", planId);
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, planId);
		const ids = input.nodes.map(({ id }) => id);
		await lockWhatTheyHoldUp(tx, planId, ids);
		return remove(tx, await topsOf(tx, await lockChosen(tx, planId, input.nodes)));
	});
};

/** The same for one node. Throws NotFoundError, ForbiddenError below editor, and PreconditionFailedError at another version. */
export const deleteNode = (ctx: ProjectContext, nodeId: string, expectedVersion: number | null): Promise<ChangeResult> =>
	inTransaction(ctx, async (tx) => {
		const { planId } = await authorizeNode(tx, "plans:write", nodeId);
		await lockPlan(tx, planId);
		await lockWhatTheyHoldUp(tx, planId, [nodeId]);
		const [node] = await lockNodes(tx, [nodeId]);
		if (!node) throw new NotFoundError("node");
		assertVersion(node.version, expectedVersion);
		return remove(tx, [node]);
	});

const remove = async (tx: Tx<ProjectContext>, tops: NodeRow[]): Promise<ChangeResult> => {
	const planId = tops[0]?.planId ?? "";
	const change = await recordChange(tx, tops, { kind: "delete" });
	await removeWithAllOfIt(
		tx,
		planId,
		tops.map(({ id }) => id),
		change.id,
	);
	emit(
		tx,
		...tops.map((node) => ({
			type: "node.deleted" as const,
			subjectId: node.id,
			data: { plan_id: planId, parent_id: node.parentId, title: node.title, change_id: change.id },
		})),
	);
	return { change: presentChange(change) };
};
