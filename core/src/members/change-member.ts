import type { ChangeMemberInput, Member } from "@agentplanner/contracts";
import { and, eq, projectMembers } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { presentMember } from "./present.ts";
import { assertAnotherOwner, assertMayHandle, loadMember, lockMembers, withdrawInvitationsOf } from "./queries.ts";

/**
 * Gives a member another role, at once for everything they do. Throws NotFoundError, ForbiddenError below admin or for an owner
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
		if (role === "editor" || role === "viewer") await withdrawInvitationsOf(tx, member.userId);
		const data = { from: member.role, to: role };
		emit(tx, { type: "project.member.changed", subjectId: member.userId, data });
		await audit(tx, { type: "project.member.changed", subjectId: member.userId, data });
		return presentMember({ ...member, role });
	});
};
