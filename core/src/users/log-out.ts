import { and, eq, isNull, sql, userSessions } from "@agentplanner/db";
import { requireUser } from "../authorize.ts";
import { type Context, inTransaction } from "../context.ts";
import { emit } from "../emit.ts";

/** Ends the actor's session at once; ending it again changes nothing. Throws UnauthorizedError without a session. */
export const logOut = async (ctx: Context): Promise<void> => {
	const actor = requireUser(ctx);
	await inTransaction(ctx, async (tx) => {
		const [ended] = await tx.db
			.update(userSessions)
			.set({ revokedAt: sql`now()` })
			.where(and(eq(userSessions.id, actor.sessionId), eq(userSessions.userId, actor.userId), isNull(userSessions.revokedAt)))
			.returning({ id: userSessions.id });
		if (ended) emit(tx, { type: "session.ended", subjectId: actor.userId, data: { session_id: ended.id } });
	});
};
