import { and, eq, goals, isNull, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { loadGoal, lockGoals, selectGoals } from "./queries.ts";

/** Puts a goal into the bin, for 30 days. Throws NotFoundError, ForbiddenError below editor, and ConflictError while others stand below it. */
export const deleteGoal = async (ctx: ProjectContext, goalId: string): Promise<void> => {
	await authorize(ctx, "goals:write");
	await inTransaction(ctx, async (tx) => {
		await lockGoals(tx);
		const goal = await loadGoal(tx, goalId);
		if ((await selectGoals(tx)).some(({ parentId }) => parentId === goal.id))
			throw new ConflictError("Other goals stand below this one. Delete them first, or give them another place.");
		const [deleted] = await tx.db
			.update(goals)
			.set({ deletedAt: sql`now()`, version: sql`version + 1` })
			.where(and(eq(goals.projectId, ctx.projectId), eq(goals.id, goal.id), isNull(goals.deletedAt)))
			.returning();
		if (!deleted) throw new NotFoundError("goal");
		emit(tx, { type: "goal.deleted", subjectId: goal.id, data: { title: goal.title } });
	});
};
