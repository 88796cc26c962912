import type { AddCollaboratorInput, AddedCollaborator } from "@agentplanner/contracts";
import { and, eq, invitations, projectMembers, users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext, type Tx, userIdOf } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { createPlanInvitation } from "../members/create-plan-invitation.ts";
import { lockMembers } from "../members/lock-members.ts";
import { revokeInvitations } from "../members/revoke-invitations.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { collaborate } from "./collaborate.ts";
import { readCollaborators } from "./queries.ts";

/**
 * Shares the plan with an address: its account is a collaborator at once, and a guest of the project if it is no member; without an
 * account it is invited, which withdraws an older invitation to this plan. Throws NotFoundError, ForbiddenError below the plan's admin,
 * and ConflictError for the plan's owner and who is a collaborator already.
 */
export const addCollaborator = async (ctx: ProjectContext, planId: string, input: AddCollaboratorInput): Promise<AddedCollaborator> => {
	await authorizePlan(ctx, "plans:manage", planId);
	return inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		const plan = await authorizePlan(tx, "plans:manage", planId);
		const [user] = await tx.db.select({ id: users.id }).from(users).where(eq(users.email, input.email));
		await revokeInvitations(tx, and(eq(invitations.planId, plan.id), eq(invitations.email, input.email)));
		if (!user) return { state: "invited", invitation: await createPlanInvitation(tx, plan, input) };
		if (user.id === plan.ownerUserId) throw new ConflictError("This is the plan's owner, who may do everything in it.");
		await becomeGuest(tx, user.id);
		if (!(await collaborate(tx, { planId: plan.id, userId: user.id, role: input.role })))
			throw new ConflictError("The plan is shared with this account already. Change its role instead.");
		const [collaborator] = await readCollaborators(tx, { planId: plan.id, role: plan.role, userId: user.id });
		if (!collaborator) throw new Error("The collaborator is gone.");
		return { state: "added", collaborator };
	});
};

/** Who is a member already stays what they are. */
const becomeGuest = async (tx: Tx<ProjectContext>, userId: string): Promise<void> => {
	const [guest] = await tx.db
		.insert(projectMembers)
		.values({ projectId: tx.projectId, userId, role: "guest" })
		.onConflictDoNothing()
		.returning({ userId: projectMembers.userId });
	if (!guest) return;
	const act = { type: "project.member.added", subjectId: userId, data: { role: "guest", by: userIdOf(tx.actor) } } as const;
	emit(tx, act);
	await audit(tx, act);
};
