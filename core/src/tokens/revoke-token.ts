import { and, apiTokens, eq, isNull, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { readTokens } from "./queries.ts";

/** Ends a token at once: one's own, or as an owner or admin anybody's. Throws NotFoundError, and ConflictError if it has ended already. */
export const revokeToken = async (ctx: ProjectContext, tokenId: string): Promise<void> => {
	await authorize(ctx, "tokens:own");
	await inTransaction(ctx, async (tx) => {
		const [token] = await readTokens(tx, tokenId);
		if (!token) throw new NotFoundError("token");
		const [revoked] = await tx.db
			.update(apiTokens)
			.set({ revokedAt: sql`now()` })
			.where(and(eq(apiTokens.projectId, tx.projectId), eq(apiTokens.id, tokenId), isNull(apiTokens.revokedAt)))
			.returning({ id: apiTokens.id });
		if (!revoked) throw new ConflictError("This token was revoked already.");
		emit(tx, { type: "token.revoked", subjectId: revoked.id });
		await audit(tx, { type: "token.revoked", subjectId: revoked.id, data: { name: token.name, prefix: token.prefix } });
	});
};
