import { and, eq, plans, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { watchPlan } from "../dependencies/watch-plan.ts";
import { emit } from "../emit.ts";
import { assertVersion, lostRace } from "../version.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { lockPlan } from "./parent.ts";

/**
 * Puts the plan into the bin, where nobody finds it or what is in it, and no other plan waits for it; agents go on with what they were
 * asked. Throws NotFoundError, ForbiddenError below the plan's admin, ConflictError where it lies there already, and for a stale version
 * as updatePlan does.
 */
export const deletePlan = (ctx: ProjectContext, planId: string, expectedVersion: number | null): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const plan = await authorizePlan(tx, "plans:manage", planId);
		assertVersion(plan.version, expectedVersion);
		await lockPlan(tx, plan.id, "archived");
		const unblock = await watchPlan(tx, plan.id, changeStatus);
		const [deleted] = await tx.db
			.update(plans)
			.set({ deletedAt: sql`now()`, version: plan.version + 1, updatedAt: sql`now()` })
			.where(and(eq(plans.projectId, ctx.projectId), eq(plans.id, plan.id), eq(plans.version, plan.version)))
			.returning({ id: plans.id });
		if (!deleted) throw lostRace("plan", expectedVersion);
		const act = { type: "plan.deleted", subjectId: plan.id, data: { title: plan.title } } as const;
		emit(tx, act);
		await audit(tx, act);
		await unblock();
	});
