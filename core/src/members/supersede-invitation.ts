import { and, eq, invitations, isNull } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { assertMayHandle, isLiveInvitation } from "./queries.ts";
import { revokeInvitations } from "./revoke-invitations.ts";

/**
 * Ends the invitation to the project that an address has, before it gets another one or becomes a member: one link at a time, and none that brings
 * a removed member back. Throws ForbiddenError for an owner's, of whoever isn't one.
 */
export const supersedeInvitation = async (tx: Tx<ProjectContext>, email: string): Promise<void> => {
	const isTheirs = and(eq(invitations.email, email), isNull(invitations.planId));
	const [live] = await tx.db
		.select({ role: invitations.role })
		.from(invitations)
		.where(and(eq(invitations.projectId, tx.projectId), isTheirs, isLiveInvitation));
	if (live) await assertMayHandle(tx, live.role);
	await revokeInvitations(tx, isTheirs);
};
