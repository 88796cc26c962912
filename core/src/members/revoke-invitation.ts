import { and, eq, invitations, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { assertMayHandle, isOpenInvitation } from "./queries.ts";

/**
 * Withdraws an invitation. Throws NotFoundError, ForbiddenError below admin or for an owner's below owner, and ConflictError once it
 * was accepted or withdrawn.
 */
export const revokeInvitation = async (ctx: ProjectContext, invitationId: string): Promise<void> => {
	await authorize(ctx, "members:write");
	await inTransaction(ctx, async (tx) => {
		const isInvitation = and(eq(invitations.projectId, tx.projectId), eq(invitations.id, invitationId));
		const [known] = await tx.db.select().from(invitations).where(isInvitation);
		if (!known) throw new NotFoundError("invitation");
		await assertMayHandle(tx, known.role);
		const [revoked] = await tx.db
			.update(invitations)
			.set({ revokedAt: sql`now()` })
			.where(and(isInvitation, isOpenInvitation))
			.returning({ id: invitations.id });
		if (!revoked) throw new ConflictError("This invitation was accepted or withdrawn already.");
		emit(tx, { type: "invitation.revoked", subjectId: revoked.id });
		await audit(tx, { type: "invitation.revoked", subjectId: revoked.id, data: { email: known.email } });
	});
};
