import { and, apiTokens, eq, invitations, or, projectMembers } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { revokeTokens } from "../tokens/revoke-tokens.ts";
import type { MemberRow } from "./queries.ts";
import { revokeInvitations } from "./revoke-invitations.ts";

/** Ends a membership and what hangs on it: their tokens of this project, those they made for agents, the invitations they sent or have. */
export const endMembership = async (tx: Tx<ProjectContext>, { userId, email, role }: Pick<MemberRow, "userId" | "email" | "role">) => {
	await revokeInvitations(tx, or(eq(invitations.invitedByUserId, userId), eq(invitations.email, email)));
	await revokeTokens(tx, or(eq(apiTokens.userId, userId), eq(apiTokens.createdByUserId, userId)));
	await tx.db.delete(projectMembers).where(and(eq(projectMembers.projectId, tx.projectId), eq(projectMembers.userId, userId)));
	const data = { role };
	emit(tx, { type: "project.member.removed", subjectId: userId, data });
	await audit(tx, { type: "project.member.removed", subjectId: userId, data });
};
