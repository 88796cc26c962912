import { and, eq, invitations, projectMembers, sql, userSessions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import type { Actor, Context, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, ForbiddenError } from "../errors.ts";
import { collaborate } from "../sharing/collaborate.ts";
import { signedIds } from "../signed-id.ts";
import { isLiveInvitation } from "./queries.ts";

export const invitationTokens = signedIds("inv_", "invitation");

type InvitationRow = typeof invitations.$inferSelect;

const refusal = "This invitation is not valid (any more), or it is for another e-mail address. Ask for a new one.";

/** The invitation that a token stands for, if that address may still accept it; else throws ForbiddenError. */
export const readInvitation = async (ctx: Context, token: string, email: string): Promise<InvitationRow> => {
	const id = invitationTokens.read(ctx.keys, token);
	const [row] = id
		? await ctx.db
				.select()
				.from(invitations)
				.where(and(eq(invitations.id, id), eq(invitations.email, email), isLiveInvitation))
		: [];
	if (!row) throw new ForbiddenError(refusal);
	return row;
};

/** Whether an address may accept an invitation to any project. */
export const isInvited = async (ctx: Context, email: string): Promise<boolean> => {
	const [row] = await ctx.db
		.select({ id: invitations.id })
		.from(invitations)
		.where(and(eq(invitations.email, email), isLiveInvitation))
		.limit(1);
	return row !== undefined;
};

/**
 * Makes the user a member, or a collaborator of the plan, as the invitation says, once, and their session works in the project from now on. Throws ForbiddenError
 * for one that is no longer good, and ConflictError for somebody who is a member already.
 */
export const redeemInvitation = async (
	tx: Tx & { actor: Actor & { type: "user" } },
	{ id, projectId, role, planId, planRole }: InvitationRow,
	userId: string,
): Promise<string> => {
	const [accepted] = await tx.db
		.update(invitations)
		.set({ acceptedAt: sql`now()` })
		.where(and(eq(invitations.id, id), isLiveInvitation))
		.returning({ id: invitations.id });
	if (!accepted) throw new ForbiddenError(refusal);
	const [member] = await tx.db.insert(projectMembers).values({ projectId, userId, role }).onConflictDoNothing().returning();
	const inside = { ...tx, projectId };
	if (planId !== null && planRole !== null) await collaborate(inside, { planId, userId, role: planRole });
	else if (!member) throw new ConflictError("You are a member of this project already.");
	await tx.db
		.update(userSessions)
		.set({ activeProjectId: projectId })
		.where(and(eq(userSessions.id, tx.actor.sessionId), eq(userSessions.userId, userId)));
	emit(inside, { type: "invitation.accepted", subjectId: id, data: { user_id: userId, ...(planId !== null && { plan_id: planId }) } });
	await audit(inside, { type: "invitation.accepted", subjectId: id, data: { user_id: userId, role } });
	if (!member) return projectId;
	emit(inside, { type: "project.member.added", subjectId: userId, data: { role, invitation_id: id } });
	await audit(inside, { type: "project.member.added", subjectId: userId, data: { role }, evidenceRefs: [`invitation:${id}`] });
	return projectId;
};
