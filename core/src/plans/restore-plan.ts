import type { Plan } from "@agentplanner/contracts";
import { and, eq, plans, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { isInBin } from "./bin.ts";
import { presentPlan } from "./present.ts";

/**
 * Takes the plan out of the bin, as it was. Throws NotFoundError, ForbiddenError below the plan's admin, and ConflictError where it is in
 * none, or no longer.
 */
export const restorePlan = (ctx: ProjectContext, planId: string): Promise<Plan> =>
	inTransaction(ctx, async (tx) => {
		const plan = await authorizePlan(tx, "plans:manage", planId, { even: "deleted" });
		const [restored] = await tx.db
			.update(plans)
			.set({ deletedAt: null, version: sql`version + 1`, updatedAt: sql`now()` })
			.where(and(eq(plans.projectId, ctx.projectId), eq(plans.id, plan.id), isInBin))
			.returning();
		if (!restored)
			throw new ConflictError(plan.deletedAt ? "This plan lay in the bin to its end, and is being removed." : "This plan is not deleted.");
		const act = { type: "plan.restored", subjectId: plan.id, data: { title: plan.title } } as const;
		emit(tx, act);
		await audit(tx, act);
		return presentPlan({ ...restored, role: plan.role });
	});
