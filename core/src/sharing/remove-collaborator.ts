import { and, eq, invitations, planCollaborators } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { lockMembers } from "../members/lock-members.ts";
import { revokeInvitations } from "../members/revoke-invitations.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { endPlanlessGuests } from "./end-planless-guests.ts";
import { loadCollaborator } from "./queries.ts";

/**
 * Shares the plan with somebody no longer, or lets them leave it; with it end the invitations to it that they sent, and the membership
 * of a guest who has no other plan. Throws NotFoundError, and ForbiddenError below the plan's admin but for oneself.
 */
export const removeCollaborator = async (ctx: ProjectContext, planId: string, userId: string): Promise<void> => {
	// By a person alone: reading, which a token may, is all that leaving asks for.
	const isOneself = ctx.actor.type === "user" && ctx.actor.userId === userId.toLowerCase();
	const action = isOneself ? "plans:read" : "plans:manage";
	await authorizePlan(ctx, action, planId);
	await inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		const plan = await authorizePlan(tx, action, planId);
		const known = await loadCollaborator(tx, plan.id, userId);
		await tx.db.delete(planCollaborators).where(and(eq(planCollaborators.planId, plan.id), eq(planCollaborators.userId, known.userId)));
		await revokeInvitations(tx, and(eq(invitations.planId, plan.id), eq(invitations.invitedByUserId, known.userId)));
		const data = { user_id: known.userId, role: known.role };
		emit(tx, { type: "plan.collaborator.removed", subjectId: plan.id, data });
		await audit(tx, { type: "plan.collaborator.removed", subjectId: plan.id, data });
		await endPlanlessGuests(tx, [known.userId]);
	});
};
