import { and, eq, invitations, type SQL, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { isOpenInvitation } from "./queries.ts";

/** Withdraws those of the project's open invitations that `which` names, each on record. Answers with how many. */
export const revokeInvitations = async (tx: Tx<ProjectContext>, which: SQL | undefined): Promise<number> => {
	const revoked = await tx.db
		.update(invitations)
		.set({ revokedAt: sql`now()` })
		.where(and(eq(invitations.projectId, tx.projectId), which, isOpenInvitation))
		.returning();
	for (const { id, email, role, planId } of revoked) {
		emit(tx, { type: "invitation.revoked", subjectId: id, data: planId === null ? {} : { plan_id: planId } });
		await audit(tx, { type: "invitation.revoked", subjectId: id, data: { email, role } });
	}
	return revoked.length;
};
