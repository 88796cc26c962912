import type { Goal, UpdateGoalInput } from "@agentplanner/contracts";
import { and, eq, goals, isNull, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { assertVersion, lostRace } from "../version.ts";
import { assertOwner } from "./assert-owner.ts";
import { assertPlace } from "./hierarchy.ts";
import { presentGoal } from "./present-goals.ts";
import { loadGoal, lockGoals, selectGoals } from "./queries.ts";

/**
 * Changes the given fields; without any it changes nothing. Throws NotFoundError, ForbiddenError below editor, UnprocessableError for a
 * parent or owner that can't be, and PreconditionFailedError when the goal is no longer at `expectedVersion` (null: whatever it is at;
 * then ConflictError when it is changed at the same moment).
 */
export const updateGoal = async (
	ctx: ProjectContext,
	goalId: string,
	input: UpdateGoalInput,
	expectedVersion: number | null,
): Promise<Goal> => {
	await authorize(ctx, "goals:write");
	return inTransaction(ctx, async (tx) => {
		if (input.parent_id !== undefined) await lockGoals(tx);
		const goal = await loadGoal(tx, goalId);
		assertVersion(goal.version, expectedVersion);
		if (Object.values(input).every((value) => value === undefined)) return presentGoal(tx, goal);
		if (input.parent_id !== undefined) assertPlace(await selectGoals(tx), goal.id, input.parent_id);
		await assertOwner(tx, input.owner_user_id);
		const [updated] = await tx.db
			.update(goals)
			.set({
				parentId: input.parent_id,
				title: input.title,
				description: input.description,
				status: input.status,
				ownerUserId: input.owner_user_id,
				targetDate: input.target_date,
				criteria: input.criteria,
				version: goal.version + 1,
				updatedAt: sql`now()`,
			})
			.where(and(eq(goals.projectId, ctx.projectId), eq(goals.id, goal.id), eq(goals.version, goal.version), isNull(goals.deletedAt)))
			.returning();
		if (!updated) throw lostRace("goal", expectedVersion);
		emit(tx, { type: "goal.updated", subjectId: goal.id, data: { version: updated.version } });
		if (updated.status !== goal.status)
			emit(tx, { type: "goal.status.changed", subjectId: goal.id, data: { from: goal.status, to: updated.status } });
		return presentGoal(tx, updated);
	});
};
