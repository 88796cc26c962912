import type { PlanOverview } from "@agentplanner/contracts";
import { and, desc, eq, lt, plans } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { presentPlan } from "./present.ts";
import { progressIn, readProgress } from "./progress.ts";

/** One page of the project's plans with their progress, newest first. Throws InvalidInputError for a cursor that is none. */
export const listPlans = async (ctx: ProjectContext, input: PageInput): Promise<{ items: PlanOverview[]; next_cursor: string | null }> => {
	await authorize(ctx, "plans:read");
	const before = cursorId(input);
	const rows = await ctx.db
		.select()
		.from(plans)
		.where(and(eq(plans.projectId, ctx.projectId), before === null ? undefined : lt(plans.id, before)))
		.orderBy(desc(plans.id))
		.limit(input.limit + 1);
	const progress = await readProgress(
		ctx,
		rows.map(({ id }) => id),
	);
	return toPage(rows, input.limit, (plan) => ({ ...presentPlan(plan), progress: progressIn(progress, plan.id) }));
};
