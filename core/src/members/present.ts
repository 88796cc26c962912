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

export const presentInvitedPlan = ({ planId, planRole }: typeof invitations.$inferSelect, title: string | null): Invitation["plan"] =>
	planId !== null && planRole !== null && title !== null ? { id: planId, title, role: planRole } : null;

/** `planTitle`: of the plan that it is to. */
export const presentInvitation = (row: typeof invitations.$inferSelect, planTitle: string | null = null): Invitation => ({
	id: row.id,
	email: row.email,
	role: row.role,
	plan: presentInvitedPlan(row, planTitle),
	expires_at: row.expiresAt.toISOString(),
	created_at: row.createdAt.toISOString(),
});
