import { type ChangeMemberInput, type Member, type Role, roleMay, roles } from "@agentplanner/contracts";
import { and, apiTokens, eq, inArray, invitations, isNotNull, projectMembers } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { revokeTokens } from "../tokens/revoke-tokens.ts";
import { lockMembers } from "./lock-members.ts";
import { presentMember } from "./present.ts";
import { assertAnotherOwner, assertMayHandle, loadMember } from "./queries.ts";
import { revokeInvitations } from "./revoke-invitations.ts";

/**
 * Gives a member another role, at once for everything they do; invitations to more than it may give
 * are withdrawn, and below admin the tokens end that they made for agents. Throws NotFoundError, ForbiddenError below admin or for an owner
 * below owner, and UnprocessableError for the last owner.
 */
export const changeMember = async (ctx: ProjectContext, userId: string, { role }: ChangeMemberInput): Promise<Member> => {
	await authorize(ctx, "members:write");
	return inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		await authorize(tx, "members:write");
		const member = await loadMember(tx, userId);
		await assertMayHandle(tx, member.role, role);
		if (member.role === role) return presentMember(member);
		await assertAnotherOwner(tx, member);
		await tx.db
			.update(projectMembers)
			.set({ role })
			.where(and(eq(projectMembers.projectId, tx.projectId), eq(projectMembers.userId, member.userId)));
		// What one may no longer give one has not promised either.
		await revokeInvitations(tx, and(eq(invitations.invitedByUserId, member.userId), inArray(invitations.role, rolesBeyond(role))));
		// Their own tokens do what their new role may; an agent's would go on as if made by an admin.
		if (!roleMay(role, "tokens:manage"))
			await revokeTokens(tx, and(eq(apiTokens.createdByUserId, member.userId), isNotNull(apiTokens.agentId)));
		const data = { from: member.role, to: role };
		emit(tx, { type: "project.member.changed", subjectId: member.userId, data });
		await audit(tx, { type: "project.member.changed", subjectId: member.userId, data });
		return presentMember({ ...member, role });
	});
};

/** The roles that a member of this role may not give; see assertMayHandle. */
const rolesBeyond = (role: Role): readonly Role[] => (role === "owner" ? [] : roleMay(role, "members:write") ? ["owner"] : roles);
