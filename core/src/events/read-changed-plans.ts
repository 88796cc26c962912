import { and, events, gt, inArray, max } from "@agentplanner/db";
import type { Context } from "../context.ts";

/** Which of the plans have changed after a position, they themselves or their trees, and at which position last. */
export const readChangedPlans = async (
	ctx: Context,
	{ planIds, after }: { planIds: readonly string[]; after: number },
): Promise<ReadonlyMap<string, number>> => {
	const rows = await ctx.db
		.select({ planId: events.planId, position: max(events.position) })
		.from(events)
		.where(and(inArray(events.planId, [...planIds]), gt(events.position, after), inArray(events.subjectType, ["plan", "node"])))
		.groupBy(events.planId);
	return new Map(rows.flatMap(({ planId, position }) => (planId === null || position === null ? [] : [[planId, position]])));
};
