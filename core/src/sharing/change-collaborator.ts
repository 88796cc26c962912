import { type ChangeCollaboratorInput, type Collaborator, roleMay } from "@agentplanner/contracts";
import { and, eq, invitations, planCollaborators } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { lockMembers } from "../members/lock-members.ts";
import { revokeInvitations } from "../members/revoke-invitations.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { loadCollaborator, readCollaborators } from "./queries.ts";

/**
 * Gives a collaborator another role; below admin the invitations end that they sent. Throws NotFoundError, and ForbiddenError below the
 * plan's admin.
 */
export const changeCollaborator = async (
	ctx: ProjectContext,
	planId: string,
	userId: string,
	{ role }: ChangeCollaboratorInput,
): Promise<Collaborator> => {
	await authorizePlan(ctx, "plans:manage", planId);
	return inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		const plan = await authorizePlan(tx, "plans:manage", planId);
		const known = await loadCollaborator(tx, plan.id, userId);
		if (known.role !== role) {
			await tx.db
				.update(planCollaborators)
				.set({ role })
				.where(and(eq(planCollaborators.planId, plan.id), eq(planCollaborators.userId, known.userId)));
			if (!roleMay(role, "plans:manage"))
				await revokeInvitations(tx, and(eq(invitations.planId, plan.id), eq(invitations.invitedByUserId, known.userId)));
			const data = { user_id: known.userId, from: known.role, to: role };
			emit(tx, { type: "plan.collaborator.changed", subjectId: plan.id, data });
			await audit(tx, { type: "plan.collaborator.changed", subjectId: plan.id, data });
		}
		const [collaborator] = await readCollaborators(tx, { planId: plan.id, role: plan.role, userId: known.userId });
		if (!collaborator) throw new Error("The collaborator is gone.");
		return collaborator;
	});
};
