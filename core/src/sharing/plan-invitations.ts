import type { Invitation } from "@agentplanner/contracts";
import { and, eq, invitations } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { readInvitations } from "../members/list-invitations.ts";
import { revokeInvitations } from "../members/revoke-invitations.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";

/** Invitations to the plan that can still be accepted, newest first. Throws NotFoundError, and ForbiddenError below the plan's admin. */
export const listPlanInvitations = async (ctx: ProjectContext, planId: string): Promise<{ items: Invitation[] }> => {
	const plan = await authorizePlan(ctx, "plans:manage", planId);
	return readInvitations(ctx, plan.id);
};

/** Withdraws one of them. Throws as listPlanInvitations does, and ConflictError once it was accepted or withdrawn. */
export const revokePlanInvitation = (ctx: ProjectContext, planId: string, invitationId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const plan = await authorizePlan(tx, "plans:manage", planId);
		const isIt = and(eq(invitations.planId, plan.id), eq(invitations.id, invitationId));
		const [known] = await tx.db.select({ id: invitations.id }).from(invitations).where(isIt);
		if (!known) throw new NotFoundError("invitation");
		if ((await revokeInvitations(tx, isIt)) === 0) throw new ConflictError("This invitation was accepted or withdrawn already.");
	});
