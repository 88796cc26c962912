import { and, eq, userSessions, users } from "@agentplanner/db";
import type { Actor, Context } from "../context.ts";
import { hashSecret } from "../secret.ts";
import { isLive, noteUse, wasSeen } from "./queries.ts";

export type AuthenticatedSession = {
	actor: Actor & { type: "user" };
	csrfToken: string;
	expiresAt: Date;
	activeProjectId: string | null;
};

/** Whose session this token opens; null for an unknown, expired or ended one. */
export const authenticateSession = async (ctx: Context, token: string): Promise<AuthenticatedSession | null> => {
	const [found] = await ctx.db
		.select({ session: userSessions, name: users.name, seen: wasSeen })
		.from(userSessions)
		.innerJoin(users, eq(users.id, userSessions.userId))
		.where(and(eq(userSessions.tokenHash, hashSecret(token)), isLive));
	if (!found) return null;
	const { session, name, seen } = found;
	if (!seen) await noteUse(ctx, session.id);
	return {
		actor: { type: "user", userId: session.userId, sessionId: session.id, name },
		csrfToken: session.csrfToken,
		expiresAt: session.expiresAt,
		activeProjectId: session.activeProjectId,
	};
};
