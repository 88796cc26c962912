import { and, eq, type Given, prepared, userSessions, users } from "@agentplanner/db";
import type { Actor, Context } from "../context.ts";
import { hashSecret } from "../secret.ts";
import { isLive, noteUse, wasSeen } from "./queries.ts";

export type AuthenticatedSession = {
	actor: Actor & { type: "user" };
	csrfToken: string;
	expiresAt: Date;
	activeProjectId: string | null;
};

const findSession = prepared((db, { tokenHash }: Given<{ tokenHash: Buffer }>) =>
	db
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
		.where(and(eq(userSessions.tokenHash, tokenHash), isLive)),
);

/** Whose session this token opens; null for an unknown, expired or ended one. */
export const authenticateSession = async (ctx: Context, token: string): Promise<AuthenticatedSession | null> => {
	const [found] = await findSession(ctx.db, { tokenHash: hashSecret(token) });
	if (!found) return null;
	const { id, userId, name, seen, ...session } = found;
	if (!seen) await noteUse(ctx, id);
	return { actor: { type: "user", userId, sessionId: id, name }, ...session };
};
