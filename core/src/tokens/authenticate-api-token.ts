import { agentHeartbeats, agents, and, apiTokens, eq, gt, isNull, or, projectMembers, sql, users } from "@agentplanner/db";
import { noteLife } from "../agents/note-life.ts";
import { type Actor, type Context, inTransaction } from "../context.ts";
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
			alive: sql<boolean>`coalesce(${agentHeartbeats.lastSeenAt} > now() - interval '5 seconds', false)`,
		})
		.from(apiTokens)
		.leftJoin(users, eq(users.id, apiTokens.userId))
		.leftJoin(agents, eq(agents.id, apiTokens.agentId))
		.leftJoin(agentHeartbeats, eq(agentHeartbeats.agentId, apiTokens.agentId))
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
	const actor = {
		type: "token" as const,
		tokenId: id,
		projectId,
		scopes,
		userId,
		agentId,
		name: found.agentName ?? `${found.userName} (${name})`,
	};
	// Whatever an agent calls for, it is there.
	// no authorize: nobody has asked for anything yet
	if (agentId !== null && !found.alive) await inTransaction({ ...ctx, actor, projectId }, (tx) => noteLife(tx, agentId, null));
	return actor;
};
