import type { CreateGoalLinkInput } from "@agentplanner/contracts";
import { and, asc, eq, goalLinks, goals, inArray, isNull, planNodes, plans, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { visiblePlans } from "../plans/authorize-plan.ts";

/** A goal of this project that isn't deleted, or NotFoundError. */
export const loadGoal = async (ctx: ProjectContext, goalId: string) => {
	const [goal] = await ctx.db
		.select()
		.from(goals)
		.where(and(eq(goals.projectId, ctx.projectId), eq(goals.id, goalId), isNull(goals.deletedAt)));
	if (!goal) throw new NotFoundError("goal");
	return goal;
};

/** All goals of the project that aren't deleted; there are at most `maxGoals`. */
export const selectGoals = (ctx: ProjectContext) =>
	ctx.db
		.select()
		.from(goals)
		.where(and(eq(goals.projectId, ctx.projectId), isNull(goals.deletedAt)));

/** The links of these goals to plans and nodes that are there and that the caller may see. */
export const selectLinks = (ctx: ProjectContext, goalIds: string[]) =>
	ctx.db
		.select({ link: goalLinks, planTitle: plans.title, nodeTitle: planNodes.title })
		.from(goalLinks)
		.innerJoin(plans, and(eq(plans.projectId, goalLinks.projectId), eq(plans.id, goalLinks.planId)))
		.leftJoin(planNodes, and(eq(planNodes.projectId, goalLinks.projectId), eq(planNodes.id, goalLinks.nodeId)))
		.where(and(eq(goalLinks.projectId, ctx.projectId), inArray(goalLinks.goalId, goalIds), isNull(planNodes.deletedAt), visiblePlans(ctx)))
		.orderBy(asc(goalLinks.id));

/** All links of the goal, also those that the caller may not see. */
export const countLinks = (ctx: ProjectContext, goalId: string): Promise<number> =>
	ctx.db.$count(goalLinks, and(eq(goalLinks.projectId, ctx.projectId), eq(goalLinks.goalId, goalId)));

/** Whoever gives goals another place takes turns, so that two of them can't make a circle together. */
export const lockGoals = (tx: Tx<ProjectContext>) =>
	tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`goals of ${tx.projectId}`}, 0))`);

/** Whether the caller may see that plan, and that node in it. */
export const isThere = async (ctx: ProjectContext, { plan_id, node_id }: CreateGoalLinkInput): Promise<boolean> => {
	const ofNode = and(eq(planNodes.projectId, plans.projectId), eq(planNodes.planId, plans.id), isNull(planNodes.deletedAt));
	const rows = await ctx.db
		.select({ nodeId: planNodes.id })
		.from(plans)
		.leftJoin(planNodes, and(ofNode, node_id === null ? sql`false` : eq(planNodes.id, node_id)))
		.where(and(eq(plans.projectId, ctx.projectId), eq(plans.id, plan_id), visiblePlans(ctx)));
	return rows.some(({ nodeId }) => nodeId === node_id);
};
