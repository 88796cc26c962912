import { apiTokens, eq } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { readTokens } from "./queries.ts";
import { revokeTokens } from "./revoke-tokens.ts";

/** Ends a token at once: one's own, or as an owner or admin anybody's. Throws NotFoundError, and ConflictError if it has ended already. */
export const revokeToken = async (ctx: ProjectContext, tokenId: string): Promise<void> => {
	await authorize(ctx, "tokens:own");
	await inTransaction(ctx, async (tx) => {
		const [token] = await readTokens(tx, tokenId);
		if (!token) throw new NotFoundError("token");
		const revoked = await revokeTokens(tx, eq(apiTokens.id, token.id));
		if (revoked === 0) throw new ConflictError("This token was revoked already.");
	});
};
