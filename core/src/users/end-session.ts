import { and, eq, ne, sql, userSessions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { requireUser } from "../authorize.ts";
import { type Context, inTransaction, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError } from "../errors.ts";
import { isLive } from "./queries.ts";

/** Ends one of the actor's sessions at once. Throws NotFoundError for one that isn't theirs or has ended. */
export const endSession = async (ctx: Context, sessionId: string): Promise<void> => {
	const { userId } = requireUser(ctx);
	await inTransaction(ctx, async (tx) => {
		const [ended] = await endSessions(tx, { userId, only: sessionId });
		if (ended === undefined) throw new NotFoundError("session");
		await audit(tx, { type: "account.session.ended", subjectId: userId, data: { session_id: ended } });
	});
};

/** Ends a user's live sessions: one, or all but one. Answers with those it ended. */
export const endSessions = async (tx: Tx, which: { userId: string } & ({ only: string } | { except: string })): Promise<string[]> => {
	const isMeant = "only" in which ? eq(userSessions.id, which.only) : ne(userSessions.id, which.except);
	const ended = await tx.db
		.update(userSessions)
		.set({ revokedAt: sql`now()` })
		.where(and(eq(userSessions.userId, which.userId), isMeant, isLive))
		.returning({ id: userSessions.id });
	emit(tx, ...ended.map(({ id }) => ({ type: "session.ended" as const, subjectId: which.userId, data: { session_id: id } })));
	return ended.map(({ id }) => id);
};
