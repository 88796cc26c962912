import type { Plan } from "@agentplanner/contracts";
import { and, eq, planCollaborators, plans, projectMembers, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { lockMembers } from "../members/lock-members.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { presentPlan } from "../plans/present.ts";
import { assertVersion, lostRace } from "../version.ts";

/**
 * Gives the plan to another member; the owner before stays as its admin. Throws NotFoundError, ForbiddenError below the plan's admin,
 * UnprocessableError for who is no member, and for a stale version as updatePlan does.
 */
export const setPlanOwner = async (
	ctx: ProjectContext,
	planId: string,
	{ user_id }: { user_id: string },
	expectedVersion: number | null,
): Promise<Plan> => {
	await authorizePlan(ctx, "plans:manage", planId);
	return inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		const plan = await authorizePlan(tx, "plans:manage", planId);
		assertVersion(plan.version, expectedVersion);
		const userId = user_id.toLowerCase();
		if (plan.ownerUserId === userId) return presentPlan(plan);
		if (!(await isMember(tx, userId)))
			throw new UnprocessableError("A plan belongs to a member of its project. Share it with them first.", [
				{ field: "body.user_id", message: "is not a member of this project" },
			]);
		await tx.db.delete(planCollaborators).where(and(eq(planCollaborators.planId, plan.id), eq(planCollaborators.userId, userId)));
		if (plan.ownerUserId !== null && (await isMember(tx, plan.ownerUserId)))
			await tx.db
				.insert(planCollaborators)
				.values({ projectId: tx.projectId, planId: plan.id, userId: plan.ownerUserId, role: "admin" })
				.onConflictDoUpdate({ target: [planCollaborators.planId, planCollaborators.userId], set: { role: "admin" } });
		const [updated] = await tx.db
			.update(plans)
			.set({ ownerUserId: userId, version: plan.version + 1, updatedAt: sql`now()` })
			.where(and(eq(plans.projectId, tx.projectId), eq(plans.id, plan.id), eq(plans.version, plan.version)))
			.returning({ id: plans.id });
		if (!updated) throw lostRace("plan", expectedVersion);
		const data = { from: plan.ownerUserId, to: userId };
		emit(tx, { type: "plan.owner.changed", subjectId: plan.id, data });
		await audit(tx, { type: "plan.owner.changed", subjectId: plan.id, data });
		// Read again: whoever gave it away may count as something else in it by now.
		return presentPlan(await authorizePlan(tx, "plans:read", plan.id));
	});
};

const isMember = async (tx: Tx<ProjectContext>, userId: string): Promise<boolean> => {
	const [member] = await tx.db
		.select({ userId: projectMembers.userId })
		.from(projectMembers)
		.where(and(eq(projectMembers.projectId, tx.projectId), eq(projectMembers.userId, userId)));
	return member !== undefined;
};
