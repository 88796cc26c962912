import { type Goal, maxGoals } from "@agentplanner/contracts";
import { and, eq, goals, isNotNull, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";
import { assertPlace } from "./hierarchy.ts";
import { presentGoal } from "./present-goals.ts";
import { lockGoals, selectGoals } from "./queries.ts";

/**
 * Takes a deleted goal back to where it stood, or to the top level when its parent is gone. Throws NotFoundError for a goal that is not
 * deleted, ForbiddenError below editor, and UnprocessableError when there is no room at its place any more, or above `maxGoals`.
 */
export const restoreGoal = async (ctx: ProjectContext, goalId: string): Promise<Goal> => {
	await authorize(ctx, "goals:write");
	return inTransaction(ctx, async (tx) => {
		await lockGoals(tx);
		const all = await selectGoals(tx);
		if (all.length >= maxGoals) throw new UnprocessableError(`A project has at most ${maxGoals} goals. Delete some that are done with.`);
		const ids = all.map(({ id }) => id);
		const [restored] = await tx.db
			.update(goals)
			.set({
				deletedAt: null,
				parentId: sql`case when parent_id = any(${sql.param(ids)}::uuid[]) then parent_id end`,
				version: sql`version + 1`,
				updatedAt: sql`now()`,
			})
			.where(and(eq(goals.projectId, ctx.projectId), eq(goals.id, goalId), isNotNull(goals.deletedAt)))
			.returning();
		if (!restored) throw new NotFoundError("goal");
		assertPlace(all, restored.id, restored.parentId);
		emit(tx, { type: "goal.restored", subjectId: restored.id, data: { parent_id: restored.parentId } });
		return presentGoal(tx, restored);
	});
};
