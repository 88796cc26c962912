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
		.select({
			id: userSessions.id,
			userId: userSessions.userId,
			csrfToken: userSessions.csrfToken,
			expiresAt: userSessions.expiresAt,
			activeProjectId: userSessions.activeProjectId,
			name: users.name,
			seen: wasSeen,
		})
		.from(userSessions)
		.innerJoin(users, eq(users.id, userSessions.userId))
		.where(and(eq(userSessions.tokenHash, hashSecret(token)), isLive));
	if (!found) return null;
	const { id, userId, name, seen, ...session } = found;
	if (!seen) await noteUse(ctx, id);
	return { actor: { type: "user", userId, sessionId: id, name }, ...session };
};
