import type { Goal } from "@agentplanner/contracts";
import { and, eq, goalLinks } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError } from "../errors.ts";
import { presentGoal } from "./present-goals.ts";
import { loadGoal, selectLinks } from "./queries.ts";

/** Takes a link away that the caller sees. Throws NotFoundError, and ForbiddenError below editor. */
export const unlinkGoal = async (ctx: ProjectContext, goalId: string, linkId: string): Promise<Goal> => {
	await authorize(ctx, "goals:write");
	return inTransaction(ctx, async (tx) => {
		const goal = await loadGoal(tx, goalId);
		const seen = (await selectLinks(tx, [goal.id])).some(({ link }) => link.id === linkId);
		const [gone] = seen
			? await tx.db
					.delete(goalLinks)
					.where(and(eq(goalLinks.projectId, ctx.projectId), eq(goalLinks.id, linkId)))
					.returning()
			: [];
		if (!gone) throw new NotFoundError("link");
		emit(tx, { type: "goal.unlinked", subjectId: goal.id, data: { plan_id: gone.planId, node_id: gone.nodeId } });
		return presentGoal(tx, goal);
	});
};
