import { and, desc, eq, invitations, projectMembers, sql, userSessions, type users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import type { Actor, Context, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, ForbiddenError } from "../errors.ts";
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

/** The token of the newest invitation that an address may accept; to be used only where the address is known to be the caller's. */
export const findInvitationToken = async (ctx: Context, email: string): Promise<string | undefined> => {
	const [row] = await ctx.db
		.select({ id: invitations.id })
		.from(invitations)
		.where(and(eq(invitations.email, email), isLiveInvitation))
		.orderBy(desc(invitations.id))
		.limit(1);
	return row && invitationTokens.create(ctx.keys, row.id);
};

/**
 * Makes the user a member as the invitation says, once, and their session works in the project from now on. Throws ForbiddenError
 * for a token that is not or no longer good, and ConflictError for somebody who is a member already.
 */
export const redeemInvitation = async (
	tx: Tx & { actor: Actor & { type: "user" } },
	token: string,
	user: Pick<typeof users.$inferSelect, "id" | "email">,
): Promise<string> => {
	const { id, projectId, role } = await readInvitation(tx, token, user.email);
	const [accepted] = await tx.db
		.update(invitations)
		.set({ acceptedAt: sql`now()` })
		.where(and(eq(invitations.id, id), isLiveInvitation))
		.returning({ id: invitations.id });
	if (!accepted) throw new ForbiddenError(refusal);
	const [member] = await tx.db.insert(projectMembers).values({ projectId, userId: user.id, role }).onConflictDoNothing().returning();
	if (!member) throw new ConflictError("You are a member of this project already.");
	await tx.db
		.update(userSessions)
		.set({ activeProjectId: projectId })
		.where(and(eq(userSessions.id, tx.actor.sessionId), eq(userSessions.userId, user.id)));
	const inside = { ...tx, projectId };
	emit(
		inside,
		{ type: "invitation.accepted", subjectId: id, data: { user_id: user.id } },
		{ type: "project.member.added", subjectId: user.id, data: { role, invitation_id: id } },
	);
	await audit(inside, { type: "invitation.accepted", subjectId: id, data: { user_id: user.id, role } });
	await audit(inside, { type: "project.member.added", subjectId: user.id, data: { role }, evidenceRefs: [`invitation:${id}`] });
	return projectId;
};
