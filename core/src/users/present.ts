import type { LinkedAccount, Role, Session, User } from "@agentplanner/contracts";
import type { linkedAccounts, projects, userSessions, users } from "@agentplanner/db";

const presentUser = (row: typeof users.$inferSelect): User => ({
	id: row.id,
	email: row.email,
	name: row.name,
	created_at: row.createdAt.toISOString(),
});

type Membership = { id: (typeof projects.$inferSelect)["id"]; name: string; role: Role };

export const presentSession = (
	session: typeof userSessions.$inferSelect,
	user: typeof users.$inferSelect,
	memberships: Membership[],
): Session => ({
	user: presentUser(user),
	csrf_token: session.csrfToken,
	active_project_id: session.activeProjectId,
	projects: memberships.map(({ id, name, role }) => ({ id, name, role })),
	expires_at: session.expiresAt.toISOString(),
});

export const presentLinkedAccount = (row: typeof linkedAccounts.$inferSelect): LinkedAccount => ({
	id: row.id,
	provider: row.provider,
	external_account: row.externalAccount,
	external_user_id: row.externalUserId,
	name: row.name,
	created_at: row.createdAt.toISOString(),
});
