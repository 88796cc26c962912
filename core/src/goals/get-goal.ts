import type { Goal } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentGoal } from "./present-goals.ts";
import { loadGoal } from "./queries.ts";

/** One goal. Throws NotFoundError. */
export const getGoal = async (ctx: ProjectContext, goalId: string): Promise<Goal> => {
	await authorize(ctx, "goals:read");
	return presentGoal(ctx, await loadGoal(ctx, goalId));
};
