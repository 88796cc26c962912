import type { ApiToken } from "@agentplanner/contracts";
import { agents, and, apiTokens, desc, eq, users } from "@agentplanner/db";
import { may } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";

/** Tokens that the caller may see, newest first: their own, with `tokens:manage` all of the project. */
export const readTokens = async (ctx: ProjectContext, tokenId?: string): Promise<ApiToken[]> => {
	const everybodys = await may(ctx, "tokens:manage");
	const ownId = ctx.actor.type === "user" ? ctx.actor.userId : null;
	if (!everybodys && ownId === null) return [];
	const rows = await ctx.db
		.select({ token: apiTokens, userName: users.name, agentName: agents.name })
		.from(apiTokens)
		.leftJoin(users, eq(users.id, apiTokens.userId))
		.leftJoin(agents, eq(agents.id, apiTokens.agentId))
		.where(
			and(
				eq(apiTokens.projectId, ctx.projectId),
				everybodys || ownId === null ? undefined : eq(apiTokens.userId, ownId),
				tokenId === undefined ? undefined : eq(apiTokens.id, tokenId),
			),
		)
		.orderBy(desc(apiTokens.id));
	return rows.map(({ token, userName, agentName }) => ({
		id: token.id,
		name: token.name,
		prefix: token.prefix,
		scopes: token.scopes,
		owner: { user_id: token.userId, agent_id: token.agentId, name: agentName ?? userName ?? "" },
		expires_at: token.expiresAt?.toISOString() ?? null,
		last_used_at: token.lastUsedAt?.toISOString() ?? null,
		revoked_at: token.revokedAt?.toISOString() ?? null,
		created_at: token.createdAt.toISOString(),
	}));
};
