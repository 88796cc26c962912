import type { AddMemberInput, Member } from "@agentplanner/contracts";
import { projectMembers } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, UnprocessableError } from "../errors.ts";
import { authorizeRole } from "./authorize-role.ts";
import { lockMembers } from "./lock-members.ts";
import { presentMember } from "./present.ts";
import { findUserByEmail, loadMember } from "./queries.ts";
import { supersedeInvitation } from "./supersede-invitation.ts";

/**
 * Makes an account a member; an invitation it has is withdrawn. Throws ForbiddenError below admin, or for an owner's role or
 * invitation below owner; UnprocessableError where no
 * account has the address, and ConflictError for somebody who is a member already.
 */
export const addMember = async (ctx: ProjectContext, input: AddMemberInput): Promise<Member> => {
	await authorizeRole(ctx, input.role);
	return inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		await authorizeRole(tx, input.role);
		const user = await findUserByEmail(tx.db, input.email);
		if (!user)
			throw new UnprocessableError("No account here has this e-mail address. Invite it instead.", [
				{ field: "body.email", message: "has no account" },
			]);
		const [added] = await tx.db
			.insert(projectMembers)
			.values({ projectId: tx.projectId, userId: user.id, role: input.role })
			.onConflictDoNothing()
			.returning();
		if (!added) throw new ConflictError("This account is a member already. Change its role instead.");
		await supersedeInvitation(tx, user.email);
		const data = { role: input.role };
		emit(tx, { type: "project.member.added", subjectId: user.id, data });
		await audit(tx, { type: "project.member.added", subjectId: user.id, data });
		return presentMember(await loadMember(tx, user.id));
	});
};
