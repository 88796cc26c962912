import type { Goal, GoalStatus } from "@agentplanner/contracts";
import { and, desc, eq, goalLinks, goals, isNull, lt, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";
import { presentGoals } from "./present-goals.ts";

type Input = PageInput & { status?: GoalStatus | undefined; plan_id?: string | undefined };

/** One page of the project's goals, newest first. Throws InvalidInputError for a cursor that is none. */
export const listGoals = async (ctx: ProjectContext, input: Input): Promise<{ items: Goal[]; next_cursor: string | null }> => {
	await authorize(ctx, "goals:read");
	const before = cursorId(input);
	const linked = sql`exists (select from ${goalLinks} where ${goalLinks.goalId} = ${goals.id} and ${goalLinks.projectId} = ${goals.projectId} and ${goalLinks.planId} = ${input.plan_id} and ${inVisiblePlan(ctx, goalLinks.planId)})`;
	const rows = await ctx.db
		.select()
		.from(goals)
		.where(
			and(
				eq(goals.projectId, ctx.projectId),
				isNull(goals.deletedAt),
				before === null ? undefined : lt(goals.id, before),
				input.status === undefined ? undefined : eq(goals.status, input.status),
				input.plan_id === undefined ? undefined : linked,
			),
		)
		.orderBy(desc(goals.id))
		.limit(input.limit + 1);
	const { items, next_cursor } = toPage(rows, input.limit, (row) => row);
	return { items: await presentGoals(ctx, items), next_cursor };
};
