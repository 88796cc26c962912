import type { Plan, UpdatePlanInput } from "@agentplanner/contracts";
import { and, eq, plans, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { assertVersion, lostRace } from "../version.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { presentPlan } from "./present.ts";

/**
 * Changes the given fields; without any it changes nothing. Of an archived plan only one that takes it out of the archive (else
 * ConflictError). Throws NotFoundError, ForbiddenError below editor, and PreconditionFailedError when the plan is no longer at
 * `expectedVersion` (null: whatever it is at; then ConflictError when it is changed at the same moment).
 */
export const updatePlan = (
	ctx: ProjectContext,
	planId: string,
	{ title, description, status }: UpdatePlanInput,
	expectedVersion: number | null,
): Promise<Plan> =>
	inTransaction(ctx, async (tx) => {
		const leavesArchive = status !== undefined && status !== "archived";
		const plan = await authorizePlan(tx, "plans:write", planId, leavesArchive ? { even: "archived" } : {});
		assertVersion(plan.version, expectedVersion);
		if (title === undefined && description === undefined && (status ?? plan.status) === plan.status) return presentPlan(plan);
		const [updated] = await tx.db
			.update(plans)
			.set({ title, description, status, version: plan.version + 1, updatedAt: sql`now()` })
			.where(and(eq(plans.projectId, ctx.projectId), eq(plans.id, plan.id), eq(plans.version, plan.version)))
			.returning();
		if (!updated) throw lostRace("plan", expectedVersion);
		if (title !== undefined || description !== undefined)
			emit(tx, { type: "plan.updated", subjectId: plan.id, data: { version: updated.version } });
		if (updated.status !== plan.status)
			emit(tx, { type: "plan.status.changed", subjectId: plan.id, data: { from: plan.status, to: updated.status } });
		return presentPlan({ ...updated, role: plan.role });
	});
