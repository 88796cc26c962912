import { type EventCondition, eventTypes, type FieldError, patternMatches } from "@agentplanner/contracts";
import { and, eq, inArray, plans } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { UnprocessableError } from "../errors.ts";
import { visiblePlans } from "../plans/authorize-plan.ts";
import { assertCondition } from "./condition.ts";

type Given = { types?: string[] | undefined; plan_ids?: string[] | null | undefined; condition?: EventCondition | null | undefined };

/** Throws UnprocessableError for a type that no event has, a plan that one doesn't see, and a condition that can't be used. */
export const assertFilter = async (ctx: ProjectContext, { types = [], plan_ids, condition }: Given): Promise<void> => {
	const unknown = types.flatMap((pattern, index): FieldError[] =>
		eventTypes.some((type) => patternMatches(pattern, type))
			? []
			: [{ field: `body.types.${index}`, message: `“${pattern}” is no event type and begins none` }],
	);
	if (unknown.length > 0) throw new UnprocessableError("There are no such events. GET /event-types lists them all.", unknown);
	assertCondition(condition);
	await assertPlans(ctx, plan_ids ?? []);
};

const assertPlans = async (ctx: ProjectContext, planIds: string[]): Promise<void> => {
	if (planIds.length === 0) return;
	const found = await ctx.db
		.select({ id: plans.id })
		.from(plans)
		.where(and(eq(plans.projectId, ctx.projectId), inArray(plans.id, planIds), visiblePlans(ctx)));
	const known = new Set(found.map(({ id }) => id));
	const fields = planIds.flatMap((id, index): FieldError[] =>
		known.has(id.toLowerCase()) ? [] : [{ field: `body.plan_ids.${index}`, message: "is not a plan of this project that you see" }],
	);
	if (fields.length > 0) throw new UnprocessableError("Some of these plans don't exist.", fields);
};
