import type { ChangeResult, MoveNodesInput } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { watchMoves } from "../dependencies/watch-moves.ts";
import { emit } from "../emit.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { changeStatus, type NodeRow } from "./change-status.ts";
import { lockChosen, topsOf } from "./choose-nodes.ts";
import { assertMayStandUnder, lockPlan } from "./parent.ts";
import { type PlanChangeRow, presentChange, recordChange } from "./plan-change.ts";
import { placeUnder, readSpots } from "./siblings.ts";
import { countLevels } from "./subtree.ts";

/**
 * Moves nodes of one plan to one place, all or none; they keep their order. Throws NotFoundError without the plan, ForbiddenError below
 * editor, UnprocessableError as `moveNode` does, and PreconditionFailedError when one is no longer at the version named.
 */
export const moveNodes = async (ctx: ProjectContext, planId: string, input: MoveNodesInput): Promise<ChangeResult> => {
	await authorizePlan(ctx, "plans:write", planId);
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, planId);
		const settle = await watchMoves(
			tx,
			input.nodes.map(({ id }) => id),
			changeStatus,
		);
		const nodes = await topsOf(tx, await lockChosen(tx, planId, input.nodes));
		const change = await relocate(tx, nodes, input.parent_id, input.after_id);
		await settle(nodes.map(({ id }) => ({ id, parentId: input.parent_id })));
		return { change: change && presentChange(change) };
	});
};

/** Moves locked nodes, of which none stands below another, to a place in their locked plan; null where they stand there already. */
export const relocate = async (
	tx: Tx<ProjectContext>,
	nodes: NodeRow[],
	parentId: string | null,
	afterId: string | null,
): Promise<PlanChangeRow | null> => {
	const planId = nodes[0]?.planId ?? "";
	const ids = nodes.map(({ id }) => id);
	if (nodes.some((node) => node.parentId !== parentId))
		await assertMayStandUnder(tx, planId, parentId, { ids, levels: await countLevels(tx, planId, ids) });
	const from = await readSpots(tx, planId, nodes);
	const spots = ids.map((id, index) => ({ id, afterId: ids[index - 1] ?? afterId }));
	if (!(await placeUnder(tx, planId, parentId, spots))) return null;
	emit(
		tx,
		...nodes.map((node, index) => ({
			type: "node.moved" as const,
			subjectId: node.id,
			data: { plan_id: planId, from_parent_id: node.parentId, to_parent_id: parentId, after_id: spots[index]?.afterId ?? null },
		})),
	);
	return recordChange(tx, nodes, { kind: "move", from });
};
