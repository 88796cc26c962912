import type { Invitation, Member } from "@agentplanner/contracts";
import type { invitations } from "@agentplanner/db";
import type { MemberRow } from "./queries.ts";

export const presentMember = (row: MemberRow): Member => ({
	user_id: row.userId,
	email: row.email,
	name: row.name,
	role: row.role,
	created_at: row.createdAt.toISOString(),
});

export const presentInvitation = (row: typeof invitations.$inferSelect): Invitation => ({
	id: row.id,
	email: row.email,
	role: row.role,
	expires_at: row.expiresAt.toISOString(),
	created_at: row.createdAt.toISOString(),
});
