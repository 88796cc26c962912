import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { endMembership } from "./end-membership.ts";
import { lockMembers } from "./lock-members.ts";
import { assertAnotherOwner, assertMayHandle, loadMember } from "./queries.ts";

/**
 * Removes a member, or lets one leave; with them their tokens of this project, those they made for agents, and the
 * invitations they sent or have. Throws NotFoundError,
 * ForbiddenError below admin (but for oneself) or for an owner below owner, and UnprocessableError for the last owner.
 */
export const removeMember = async (ctx: ProjectContext, userId: string): Promise<void> => {
	const isOneself = ctx.actor.type === "user" && ctx.actor.userId === userId.toLowerCase();
	const action = isOneself ? "project:read" : "members:write";
	await authorize(ctx, action);
	await inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		await authorize(tx, action);
		const member = await loadMember(tx, userId);
		await assertMayHandle(tx, member.role);
		await assertAnotherOwner(tx, member);
		await endMembership(tx, member);
	});
};
