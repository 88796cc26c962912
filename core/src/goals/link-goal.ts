import type { CreateGoalLinkInput, Goal } from "@agentplanner/contracts";
import { goalLinks } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { presentGoal } from "./present-goals.ts";
import { countLinks, isThere, loadGoal, lockGoals } from "./queries.ts";

const maxLinks = 50;

/**
 * Says that a plan, or a node of it, leads to the goal; a link that is there stays as it is. Throws NotFoundError, ForbiddenError below
 * editor, and UnprocessableError for a plan or node that the caller can't see, or above 50 links.
 */
export const linkGoal = async (ctx: ProjectContext, goalId: string, input: CreateGoalLinkInput): Promise<Goal> => {
	await authorize(ctx, "goals:write");
	return inTransaction(ctx, async (tx) => {
		await lockGoals(tx);
		const goal = await loadGoal(tx, goalId);
		if (!(await isThere(tx, input)))
			throw new UnprocessableError("This plan, or this node of it, does not exist, or you may not see it. Link another one.", [
				{ field: input.node_id === null ? "body.plan_id" : "body.node_id", message: "is not there" },
			]);
		const target = { planId: input.plan_id, nodeId: input.node_id };
		const [made] = await tx.db
			.insert(goalLinks)
			.values({ projectId: ctx.projectId, goalId: goal.id, ...target })
			.onConflictDoNothing()
			.returning();
		if (made && (await countLinks(tx, goal.id)) > maxLinks)
			throw new UnprocessableError(`A goal has at most ${maxLinks} links. Link a plan instead of its nodes, or set goals below this one.`);
		if (made) emit(tx, { type: "goal.linked", subjectId: goal.id, data: { plan_id: made.planId, node_id: made.nodeId } });
		return presentGoal(tx, goal);
	});
};
