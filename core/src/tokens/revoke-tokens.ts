import { and, apiTokens, eq, isNull, type SQL, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";

/** Ends those of the project's tokens that `which` names, each on record. Answers with how many. */
export const revokeTokens = async (tx: Tx<ProjectContext>, which: SQL | undefined): Promise<number> => {
	const revoked = await tx.db
		.update(apiTokens)
		.set({ revokedAt: sql`now()` })
		.where(and(eq(apiTokens.projectId, tx.projectId), which, isNull(apiTokens.revokedAt)))
		.returning();
	for (const { id, name, prefix, userId } of revoked) {
		emit(tx, { type: "token.revoked", subjectId: id, data: userId === null ? {} : { user_id: userId } });
		await audit(tx, { type: "token.revoked", subjectId: id, data: { name, prefix } });
	}
	return revoked.length;
};
