import type { Plan } from "@agentplanner/contracts";
import { and, desc, eq, lt, plans } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { visiblePlans } from "./authorize-plan.ts";
import { presentPlan } from "./present.ts";

/** One page of the project's plans that one may see, newest first. Throws InvalidInputError for a cursor that is none. */
export const listPlans = async (ctx: ProjectContext, input: PageInput): Promise<{ items: Plan[]; next_cursor: string | null }> => {
	await authorize(ctx, "plans:read");
	const before = cursorId(input);
	const rows = await ctx.db
		.select()
		.from(plans)
		.where(and(eq(plans.projectId, ctx.projectId), visiblePlans(ctx), before === null ? undefined : lt(plans.id, before)))
		.orderBy(desc(plans.id))
		.limit(input.limit + 1);
	return toPage(rows, input.limit, presentPlan);
};
