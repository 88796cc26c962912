import type { Plan, SetVisibilityInput } from "@agentplanner/contracts";
import { and, eq, plans, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { presentPlan } from "../plans/present.ts";
import { assertVersion, lostRace } from "../version.ts";
import { newLink } from "./public-link.ts";

/**
 * Says who sees the plan; what it is already changes nothing. Becoming public makes its link, leaving that ends it. Throws
 * NotFoundError, ForbiddenError below the plan's admin, and for a stale version as updatePlan does.
 */
export const setVisibility = (
	ctx: ProjectContext,
	planId: string,
	{ visibility }: SetVisibilityInput,
	expectedVersion: number | null,
): Promise<Plan> =>
	inTransaction(ctx, async (tx) => {
		const plan = await authorizePlan(tx, "plans:manage", planId);
		assertVersion(plan.version, expectedVersion);
		if (plan.visibility === visibility) return presentPlan(plan);
		const [updated] = await tx.db
			.update(plans)
			.set({
				visibility,
				publicLinkId: visibility === "public" ? newLink : null,
				version: plan.version + 1,
				updatedAt: sql`now()`,
			})
			.where(and(eq(plans.projectId, tx.projectId), eq(plans.id, plan.id), eq(plans.version, plan.version)))
			.returning();
		if (!updated) throw lostRace("plan", expectedVersion);
		const act = { type: "plan.visibility.changed", subjectId: plan.id, data: { from: plan.visibility, to: visibility } } as const;
		emit(tx, act);
		await audit(tx, act);
		return presentPlan({ ...updated, role: plan.role });
	});
