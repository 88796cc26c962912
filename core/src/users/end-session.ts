import { audit } from "../audit/audit.ts";
import { requireUser } from "../authorize.ts";
import { type Context, inTransaction } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { endSessions } from "./end-sessions.ts";

/** Ends one of the actor's sessions at once. Throws NotFoundError for one that isn't theirs or has ended. */
export const endSession = async (ctx: Context, sessionId: string): Promise<void> => {
	const { userId } = requireUser(ctx);
	await inTransaction(ctx, async (tx) => {
		const [ended] = await endSessions(tx, { userId, only: sessionId });
		if (ended === undefined) throw new NotFoundError("session");
		await audit(tx, { type: "account.session.ended", subjectId: userId, data: { session_id: ended } });
	});
};
