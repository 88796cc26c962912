import { and, eq, sql, userSessions, users } from "@agentplanner/db";
import type { Actor, Context } from "../context.ts";
import { hashSecret } from "../secret.ts";
import { isLive } from "./queries.ts";

export type AuthenticatedSession = {
	actor: Actor & { type: "user" };
	csrfToken: string;
	expiresAt: Date;
	activeProjectId: string | null;
};

/** Whose session this token opens; null for an unknown, expired or ended one. */
export const authenticateSession = async (ctx: Context, token: string): Promise<AuthenticatedSession | null> => {
	const [found] = await ctx.db
		.select({ session: userSessions, name: users.name, seen: sql<boolean>`${userSessions.lastUsedAt} > now() - interval '1 minute'` })
		.from(userSessions)
		.innerJoin(users, eq(users.id, userSessions.userId))
		.where(and(eq(userSessions.tokenHash, hashSecret(token)), isLive));
	if (!found) return null;
	const { session, name, seen } = found;
	// To the minute: a busy page must not write a row with every call.
	if (!seen) await ctx.db.update(userSessions).set({ lastUsedAt: sql`now()` }).where(eq(userSessions.id, session.id));
	return {
		actor: { type: "user", userId: session.userId, sessionId: session.id, name },
		csrfToken: session.csrfToken,
		expiresAt: session.expiresAt,
		activeProjectId: session.activeProjectId,
	};
};
