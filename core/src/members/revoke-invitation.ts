import { and, eq, invitations } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { assertMayHandle } from "./queries.ts";
import { revokeInvitations } from "./revoke-invitations.ts";

/**
 * Withdraws an invitation. Throws NotFoundError, ForbiddenError below admin or for an owner's below owner, and ConflictError once it
 * was accepted or withdrawn.
 */
export const revokeInvitation = async (ctx: ProjectContext, invitationId: string): Promise<void> => {
	await authorize(ctx, "members:write");
	await inTransaction(ctx, async (tx) => {
		const isInvitation = eq(invitations.id, invitationId);
		const [known] = await tx.db
			.select()
			.from(invitations)
			.where(and(eq(invitations.projectId, tx.projectId), isInvitation));
		if (!known) throw new NotFoundError("invitation");
		await assertMayHandle(tx, known.role);
		const revoked = await revokeInvitations(tx, isInvitation);
		if (revoked === 0) throw new ConflictError("This invitation was accepted or withdrawn already.");
	});
};
