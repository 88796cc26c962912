import type { OwnSession } from "@agentplanner/contracts";
import { and, desc, eq, userSessions } from "@agentplanner/db";
import { requireUser } from "../authorize.ts";
import type { Context } from "../context.ts";
import { isLive } from "./queries.ts";

/** Where the actor is signed in, used last first. */
export const listSessions = async (ctx: Context): Promise<{ items: OwnSession[] }> => {
	const { userId, sessionId } = requireUser(ctx);
	const rows = await ctx.db
		.select()
		.from(userSessions)
		.where(and(eq(userSessions.userId, userId), isLive))
		.orderBy(desc(userSessions.lastUsedAt), desc(userSessions.id));
	return {
		items: rows.map((row) => ({
			id: row.id,
			current: row.id === sessionId,
			user_agent: row.userAgent,
			created_at: row.createdAt.toISOString(),
			last_used_at: row.lastUsedAt.toISOString(),
			expires_at: row.expiresAt.toISOString(),
		})),
	};
};
