import type { CreatePlanInput, Plan } from "@agentplanner/contracts";
import { plans } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, userIdOf } from "../context.ts";
import { emit } from "../emit.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { presentPlan } from "./present.ts";

/** Makes an empty plan, which belongs to whoever makes it. Throws ForbiddenError below editor. */
export const createPlan = async (ctx: ProjectContext, input: CreatePlanInput): Promise<Plan> => {
	await authorize(ctx, "plans:write");
	return inTransaction(ctx, async (tx) => {
		const [plan] = await tx.db
			.insert(plans)
			.values({ projectId: ctx.projectId, ...input, ownerUserId: userIdOf(ctx.actor) })
			.returning();
		if (!plan) throw new Error("The insert returned no plan.");
		emit(tx, { type: "plan.created", subjectId: plan.id, data: { title: plan.title } });
		return presentPlan(await authorizePlan(tx, "plans:write", plan.id));
	});
};
