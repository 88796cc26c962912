import type { CreatedInvitation, CreateInvitationInput } from "@agentplanner/contracts";
import { invitations, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { authorizeRole } from "./authorize-role.ts";
import { lockMembers } from "./lock-members.ts";
import { presentInvitation } from "./present.ts";
import { findUserByEmail, readMembers } from "./queries.ts";
import { invitationTokens } from "./redeem-invitation.ts";
import { supersedeInvitation } from "./supersede-invitation.ts";

/** Seven days on. */
export const invitationEnds = sql`now() + interval '7 days'`;

/**
 * Invites an address; an older invitation of it is withdrawn. Returns the token for the link, which is shown this once. Throws
 * ForbiddenError below admin, or for an owner's role or older invitation below owner, and ConflictError for somebody who is a member already.
 */
export const createInvitation = async (ctx: ProjectContext, input: CreateInvitationInput): Promise<CreatedInvitation> => {
	await authorizeRole(ctx, input.role);
	return inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		await authorizeRole(tx, input.role);
		const user = await findUserByEmail(tx.db, input.email);
		if (user && (await readMembers(tx, user.id)).length > 0)
			throw new ConflictError("This account is a member already. Change its role instead.");
		await supersedeInvitation(tx, input.email);
		const [row] = await tx.db
			.insert(invitations)
			.values({
				projectId: tx.projectId,
				email: input.email,
				role: input.role,
				invitedByUserId: tx.actor.type === "user" ? tx.actor.userId : null,
				expiresAt: invitationEnds,
			})
			.returning();
		if (!row) throw new Error("The insert returned no row.");
		emit(tx, { type: "invitation.created", subjectId: row.id, data: { role: row.role } });
		await audit(tx, { type: "invitation.created", subjectId: row.id, data: { email: row.email, role: row.role } });
		return { ...presentInvitation(row), token: invitationTokens.create(ctx.keys, row.id) };
	});
};
