import { and, apiTokens, eq, invitations, or, projectMembers } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { revokeTokens } from "../tokens/revoke-tokens.ts";
import { lockMembers } from "./lock-members.ts";
import { assertAnotherOwner, assertMayHandle, loadMember } from "./queries.ts";
import { revokeInvitations } from "./revoke-invitations.ts";

/**
 * Removes a member, or lets one leave; with them their tokens of this project, those they made for agents, and the
 * invitations they sent or have. Throws NotFoundError,
 * ForbiddenError below admin (but for oneself) or for an owner below owner, and UnprocessableError for the last owner.
 */
export const removeMember = async (ctx: ProjectContext, userId: string): Promise<void> => {
	const isOneself = ctx.actor.type === "user" && ctx.actor.userId === userId.toLowerCase();
	const action = isOneself ? "members:read" : "members:write";
	await authorize(ctx, action);
	await inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		await authorize(tx, action);
		const member = await loadMember(tx, userId);
		await assertMayHandle(tx, member.role);
		await assertAnotherOwner(tx, member);
		await revokeInvitations(tx, or(eq(invitations.invitedByUserId, member.userId), eq(invitations.email, member.email)));
		await revokeTokens(tx, or(eq(apiTokens.userId, member.userId), eq(apiTokens.createdByUserId, member.userId)));
		await tx.db.delete(projectMembers).where(and(eq(projectMembers.projectId, tx.projectId), eq(projectMembers.userId, member.userId)));
		const data = { role: member.role };
		emit(tx, { type: "project.member.removed", subjectId: member.userId, data });
		await audit(tx, { type: "project.member.removed", subjectId: member.userId, data });
	});
};
