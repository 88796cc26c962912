import type { PlanChange } from "@agentplanner/contracts";
import { and, desc, eq, lt, planChanges } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { presentChange } from "./plan-change.ts";

/** Changes of the plan's shape, newest first. Throws NotFoundError without the plan. */
export const listPlanChanges = async (ctx: ProjectContext, planId: string, page: PageInput) => {
	await authorizePlan(ctx, "plans:read", planId);
	const cursor = cursorId(page);
	const rows = await ctx.db
		.select()
		.from(planChanges)
		.where(
			and(
				eq(planChanges.projectId, ctx.projectId),
				eq(planChanges.planId, planId),
				cursor === null ? undefined : lt(planChanges.id, cursor),
			),
		)
		.orderBy(desc(planChanges.id))
		.limit(page.limit + 1);
	return toPage(rows, page.limit, (row): PlanChange => presentChange(row));
};
