import { and, asc, eq, inArray, plans, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";
import { assertChangeable } from "./authorize-plan.ts";

export const maxDepth = 20;

/**
 * Whoever changes the shape of a plan takes turns, so that each sees the places the others gave, and two moves can't make a
 * circle; readers and edits of nodes don't wait. Whether the plan may be changed at all is asked again, since it may have been archived or
 * deleted while the caller waited: throws ConflictError then.
 */
export const lockPlan = async (tx: Tx<ProjectContext>, planId: string, even?: "archived"): Promise<void> => {
	const [plan] = await tx.db
		.select({ status: plans.status, deletedAt: plans.deletedAt })
		.from(plans)
		.where(and(eq(plans.projectId, tx.projectId), eq(plans.id, planId)))
		.for("no key update");
	if (!plan) throw new NotFoundError("plan");
	assertChangeable(plan, even);
};

/**
 * The plans, which nobody archives, deletes or reshapes until the transaction ends; in one order, so that nobody waits in a circle.
 * Whether they may be changed is for the caller to ask: they may have been archived or deleted meanwhile.
 */
export const keepPlans = (tx: Tx<ProjectContext>, planIds: string[]) =>
	tx.db
		.select({ id: plans.id, title: plans.title, status: plans.status, deletedAt: plans.deletedAt })
		.from(plans)
		.where(and(eq(plans.projectId, tx.projectId), inArray(plans.id, planIds)))
		.orderBy(asc(plans.id))
		.for("share");

/** Ids from the parent up to the top level, none without a parent. Throws UnprocessableError when it is not in this plan. */
export const pathOfParent = async (tx: Tx<ProjectContext>, planId: string, parentId: string | null): Promise<string[]> => {
	if (parentId === null) return [];
	const { rows } = await tx.db.execute<{ id: string }>(sql`
		with recursive path as (
			select id, parent_id, 1 as step from plan_nodes
			where project_id = ${tx.projectId} and plan_id = ${planId} and id = ${parentId} and deleted_at is null
			union all
			select node.id, node.parent_id, path.step + 1 from plan_nodes node
			join path on node.id = path.parent_id
			where path.step < ${maxDepth}
		)
		select id from path order by step`);
	if (rows.length === 0)
		throw new UnprocessableError("The parent is not in this plan. Choose one of its nodes, or none for the top level.", [
			{ field: "body.parent_id", message: "is not a node of this plan" },
		]);
	return rows.map(({ id }) => id);
};

/** Throws UnprocessableError when nodes of that many levels can't stand under the parent: it is one of them, below one, or too deep. */
export const assertMayStandUnder = async (tx: Tx<ProjectContext>, planId: string, parentId: string | null, moved: Moved): Promise<void> => {
	const path = await pathOfParent(tx, planId, parentId);
	if (moved.ids.some((id) => path.includes(id)))
		throw new UnprocessableError("A node can't stand under itself or under something below it. Choose another parent.", [
			{ field: "body.parent_id", message: "is the node itself or lies below it" },
		]);
	assertRoomBelow(path, moved.levels);
};

type Moved = { ids: string[]; levels: number };

/** Throws UnprocessableError when so many levels don't fit below the parent at the end of this path. */
export const assertRoomBelow = ({ length: level }: string[], levels: number): void => {
	if (level + levels <= maxDepth) return;
	const room = levels === 1 ? "another level" : `the ${levels} levels that would come`;
	throw new UnprocessableError(`A plan is at most ${maxDepth} levels deep. Choose a parent further up.`, [
		{ field: "body.parent_id", message: `lies on level ${level}, which leaves no room for ${room} below it` },
	]);
};
