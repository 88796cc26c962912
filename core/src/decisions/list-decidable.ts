import type { Decision } from "@agentplanner/contracts";
import { and, decisionRequests, ne } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";
import { beforeItsRule, mayBeDecidedBy } from "./decide.ts";
import { presentDecision } from "./present.ts";
import { readDecisions } from "./read-decisions.ts";

/** Pending decisions that wait for this member, newest first; what is for information waits for nobody. 404 for a stranger. */
export const listDecidable = async (ctx: ProjectContext, userId: string, limit: number): Promise<Decision[]> => {
	await authorize(ctx, "decisions:read");
	const only = and(
		inVisiblePlan(ctx, decisionRequests.planId, "decisions:decide"),
		ne(decisionRequests.urgency, "informational"),
		beforeItsRule,
		mayBeDecidedBy(userId, inVisiblePlan(ctx, decisionRequests.planId, "plans:manage")),
	);
	const known = await readDecisions(ctx, { status: "pending", limit, ...(only && { only }) });
	return known.map(presentDecision);
};
