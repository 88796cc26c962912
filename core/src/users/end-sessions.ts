import { and, eq, ne, sql, userSessions } from "@agentplanner/db";
import type { Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { isLive } from "./queries.ts";

/** Ends a user's live sessions: one, all but one, or all. Answers with those it ended. */
export const endSessions = async (
	tx: Tx,
	which: { userId: string } & ({ only: string } | { except: string } | { all: true }),
): Promise<string[]> => {
	const isMeant = "only" in which ? eq(userSessions.id, which.only) : "except" in which ? ne(userSessions.id, which.except) : undefined;
	const ended = await tx.db
		.update(userSessions)
		.set({ revokedAt: sql`now()` })
		.where(and(eq(userSessions.userId, which.userId), isMeant, isLive))
		.returning({ id: userSessions.id });
	emit(tx, ...ended.map(({ id }) => ({ type: "session.ended" as const, subjectId: which.userId, data: { session_id: id } })));
	return ended.map(({ id }) => id);
};
