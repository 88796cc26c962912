import { agents, and, apiTokens, eq, gt, isNull, or, projectMembers, sql, users } from "@agentplanner/db";
import type { Actor, Context } from "../context.ts";
import { hashSecret } from "../secret.ts";

/** Who acts with this token; null for an unknown, revoked or expired one, and for one whose owner has left the project. */
export const authenticateApiToken = async (ctx: Context, token: string): Promise<(Actor & { type: "token" }) | null> => {
	const [found] = await ctx.db
		.select({
			token: apiTokens,
			userName: users.name,
			agentName: agents.name,
			role: projectMembers.role,
			seen: sql<boolean>`coalesce(${apiTokens.lastUsedAt} > now() - interval '1 minute', false)`,
		})
		.from(apiTokens)
		.leftJoin(users, eq(users.id, apiTokens.userId))
		.leftJoin(agents, eq(agents.id, apiTokens.agentId))
		.leftJoin(projectMembers, and(eq(projectMembers.projectId, apiTokens.projectId), eq(projectMembers.userId, apiTokens.userId)))
		.where(
			and(
				eq(apiTokens.tokenHash, hashSecret(token)),
				isNull(apiTokens.revokedAt),
				or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, sql`now()`)),
			),
		);
	if (!found || (found.token.userId !== null && found.role === null)) return null;
	const { id, projectId, scopes, userId, agentId, name } = found.token;
	// To the minute: a busy script must not write a row with every call.
	if (!found.seen) await ctx.db.update(apiTokens).set({ lastUsedAt: sql`now()` }).where(eq(apiTokens.id, id));
	return { type: "token", tokenId: id, projectId, scopes, userId, agentId, name: found.agentName ?? `${found.userName} (${name})` };
};
