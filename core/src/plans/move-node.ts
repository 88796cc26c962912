import type { MoveNodeInput, PlanNode } from "@agentplanner/contracts";
import { and, asc, eq, isNull, planNodes, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { watchMoves } from "../dependencies/watch-moves.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { assertVersion, lostRace } from "../version.ts";
import { authorizeNode } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { assertRoomBelow, lockPlan, maxDepth, pathOfParent } from "./parent.ts";
import { freshPositions, positionBetween } from "./position.ts";
import { presentNode } from "./present.ts";
import { loadNode } from "./queries.ts";

type Node = Awaited<ReturnType<typeof loadNode>>;
type Sibling = { id: string; position: string };

/** From here on siblings get fresh keys instead of a longer one. */
const longestPosition = 32;

/**
 * Moves the node, with all below it, to a place in its plan; to the one it has changes nothing. Throws NotFoundError,
 * ForbiddenError below editor, UnprocessableError for a parent that is the node itself, lies below it, is not in this plan or too
 * deep, or a sibling that is not there, or where nodes would wait for each other in a circle, and PreconditionFailedError when the node is no longer at `expectedVersion` (null: whatever
 * it is at; then ConflictError when it is changed at the same moment).
 */
export const moveNode = (
	ctx: ProjectContext,
	nodeId: string,
	{ parent_id: parentId, after_id: afterId }: MoveNodeInput,
	expectedVersion: number | null,
): Promise<PlanNode> =>
	inTransaction(ctx, async (tx) => {
		const { planId } = await authorizeNode(tx, "plans:write", nodeId);
		await lockPlan(tx, planId);
		// Read again: only now nobody else can move it.
		const node = await loadNode(tx, nodeId);
		assertVersion(node.version, expectedVersion);
		if (parentId !== node.parentId) await assertMayStandUnder(tx, node, parentId);
		const children = await listChildren(tx, planId, parentId);
		const others = children.filter(({ id }) => id !== node.id);
		const index = placeAfter(others, afterId);
		if (children[index]?.id === node.id) return presentNode(node);

		const settle = parentId !== node.parentId ? await watchMoves(tx, [node.id], changeStatus) : null;
		const [moved] = await tx.db
			.update(planNodes)
			.set({
				parentId,
				position: keyAt(others, index) ?? (await makeRoom(tx, others, index)),
				version: node.version + 1,
				updatedAt: sql`now()`,
			})
			.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.id, node.id), eq(planNodes.version, node.version)))
			.returning();
		if (!moved) throw lostRace("node", expectedVersion);
		emit(tx, {
			type: "node.moved",
			subjectId: node.id,
			data: { plan_id: planId, from_parent_id: node.parentId, to_parent_id: parentId, after_id: afterId },
		});
		await settle?.([moved]);
		return presentNode(await loadNode(tx, node.id));
	});

const assertMayStandUnder = async (tx: Tx<ProjectContext>, node: Node, parentId: string | null) => {
	const path = await pathOfParent(tx, node.planId, parentId);
	if (path.includes(node.id))
		throw new UnprocessableError("A node can't stand under itself or under something below it. Choose another parent.", [
			{ field: "body.parent_id", message: "is the node itself or lies below it" },
		]);
	assertRoomBelow(path, await countLevels(tx, node));
};

/** 1 for a node with nothing below it. */
const countLevels = async (tx: Tx<ProjectContext>, node: Node): Promise<number> => {
	const { rows } = await tx.db.execute<{ levels: number }>(sql`
		with recursive below as (
			select ${node.id}::uuid as id, 1 as level
			union all
			select child.id, below.level + 1 from plan_nodes child
			join below on child.parent_id = below.id
			where child.plan_id = ${node.planId} and child.deleted_at is null and below.level < ${maxDepth}
		)
		select max(level) as levels from below`);
	return rows[0]?.levels ?? 1;
};

const listChildren = (tx: Tx<ProjectContext>, planId: string, parentId: string | null): Promise<Sibling[]> =>
	tx.db
		.select({ id: planNodes.id, position: planNodes.position })
		.from(planNodes)
		.where(and(eq(planNodes.planId, planId), parentId === null ? isNull(planNodes.parentId) : eq(planNodes.parentId, parentId)))
		.orderBy(asc(planNodes.position), asc(planNodes.id));

const placeAfter = (others: Sibling[], afterId: string | null): number => {
	if (afterId === null) return 0;
	const index = others.findIndex(({ id }) => id === afterId);
	if (index === -1)
		throw new UnprocessableError(
			"The node to come after is not among the children of that parent; it may have been moved. Load the plan again and choose the place.",
			[{ field: "body.after_id", message: "is not another child of that parent" }],
		);
	return index + 1;
};

/** Null when there is no key between the two, or none that is short enough. */
const keyAt = (others: Sibling[], index: number): string | null => {
	const before = others[index - 1]?.position ?? null;
	const after = others[index]?.position ?? null;
	if (before !== null && after !== null && before >= after) return null;
	const position = positionBetween(before, after);
	return position.length > longestPosition ? null : position;
};

/**
 * Gives all siblings fresh keys, in the order they have, and returns the one that was left free at the index. Their versions stay:
 * nothing that a person edits has changed.
 */
const makeRoom = async (tx: Tx<ProjectContext>, others: Sibling[], index: number): Promise<string> => {
	const positions = freshPositions(others.length + 1);
	const [free] = positions.splice(index, 1);
	if (free === undefined) throw new Error("There is no such place among the siblings.");
	await tx.db.execute(sql`
		update plan_nodes node set position = fresh.position
		from unnest(${sql.param(others.map(({ id }) => id))}::uuid[], ${sql.param(positions)}::text[]) as fresh (id, position)
		where node.project_id = ${tx.projectId} and node.id = fresh.id`);
	return free;
};
