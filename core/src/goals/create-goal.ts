import { type CreateGoalInput, type Goal, maxGoals } from "@agentplanner/contracts";
import { goals } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { assertOwner } from "./assert-owner.ts";
import { assertPlace } from "./hierarchy.ts";
import { presentGoal } from "./present-goals.ts";
import { lockGoals, selectGoals } from "./queries.ts";

/**
 * Sets a goal. Throws ForbiddenError below editor, and UnprocessableError for a parent or owner that isn't in this project, or above
 * `maxGoals`.
 */
export const createGoal = async (ctx: ProjectContext, input: CreateGoalInput): Promise<Goal> => {
	await authorize(ctx, "goals:write");
	return inTransaction(ctx, async (tx) => {
		await lockGoals(tx);
		const all = await selectGoals(tx);
		if (all.length >= maxGoals) throw new UnprocessableError(`A project has at most ${maxGoals} goals. Delete some that are done with.`);
		assertPlace(all, null, input.parent_id);
		await assertOwner(tx, input.owner_user_id);
		const [goal] = await tx.db
			.insert(goals)
			.values({
				projectId: ctx.projectId,
				parentId: input.parent_id,
				title: input.title,
				description: input.description,
				status: input.status,
				ownerUserId: input.owner_user_id,
				targetDate: input.target_date,
				criteria: input.criteria,
			})
			.returning();
		if (!goal) throw new Error("The insert returned no goal.");
		emit(tx, { type: "goal.created", subjectId: goal.id, data: { title: goal.title, parent_id: goal.parentId } });
		return presentGoal(tx, goal);
	});
};
