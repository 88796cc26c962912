import { agentScopes, type CreatedToken, type CreateTokenInput, type Scope } from "@agentplanner/contracts";
import { agents, and, apiTokens, eq, type SQL, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize, requireUser } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { lockMembers } from "../members/lock-members.ts";
import { createSecret, hashSecret } from "../secret.ts";
import { readTokens } from "./queries.ts";

const prefixLength = 11;
const defaultDays = 90;

/** Who may make this token: members their own, owners and admins an agent's; never another token. */
export const authorizeToken = async (ctx: ProjectContext, { agent_id }: CreateTokenInput) => {
	await authorize(ctx, agent_id === undefined ? "tokens:own" : "tokens:manage");
	return requireUser(ctx);
};

/**
 * Makes a token for oneself or, as an owner or admin, for an agent. Returns it this once; only its hash is kept. Throws
 * ForbiddenError, and UnprocessableError for an unknown agent, a scope that agents can't have, or an end in the past.
 */
export const createToken = async (ctx: ProjectContext, input: CreateTokenInput): Promise<CreatedToken> => {
	await authorizeToken(ctx, input);
	const forAgent = input.agent_id !== undefined;
	if (forAgent) assertAgentScopes(input.scopes);
	return inTransaction(ctx, async (tx) => {
		// Whoever is being removed makes none that would outlast them.
		await lockMembers(tx);
		const { userId } = await authorizeToken(tx, input);
		if (input.agent_id !== undefined) {
			const [agent] = await tx.db
				.select({ id: agents.id })
				.from(agents)
				.where(and(eq(agents.projectId, tx.projectId), eq(agents.id, input.agent_id)));
			if (!agent)
				throw new UnprocessableError("There is no such agent in this project.", [
					{ field: "body.agent_id", message: "is not an agent of this project" },
				]);
		}
		const token = `ap_${createSecret()}`;
		const [row] = await tx.db
			.insert(apiTokens)
			.values({
				projectId: tx.projectId,
				name: input.name,
				prefix: token.slice(0, prefixLength),
				tokenHash: hashSecret(token),
				scopes: [...new Set(input.scopes)],
				userId: forAgent ? null : userId,
				agentId: input.agent_id ?? null,
				createdByUserId: userId,
				expiresAt: expiryOf(input),
			})
			.returning();
		if (!row) throw new Error("The insert returned no row.");
		if (row.expiresAt && row.expiresAt <= row.createdAt)
			throw new UnprocessableError("The token would have expired already.", [
				{ field: "body.expires_at", message: "must be in the future" },
			]);
		const data = { name: row.name, prefix: row.prefix, scopes: row.scopes, user_id: row.userId, agent_id: row.agentId };
		emit(tx, { type: "token.created", subjectId: row.id, data: row.userId === null ? {} : { user_id: row.userId } });
		await audit(tx, { type: "token.created", subjectId: row.id, data: { ...data, expires_at: row.expiresAt?.toISOString() ?? null } });
		const [made] = await readTokens(tx, row.id);
		if (!made) throw new Error("The new token can't be read.");
		return { ...made, token };
	});
};

const expiryOf = ({ expires_at }: CreateTokenInput): Date | SQL | null => {
	if (expires_at === undefined) return sql`now() + ${defaultDays} * interval '1 day'`;
	return expires_at === null ? null : new Date(expires_at);
};

const assertAgentScopes = (scopes: Scope[]): void => {
	const allowed: readonly Scope[] = agentScopes;
	const refused = scopes.filter((scope) => !allowed.includes(scope));
	if (refused.length > 0)
		throw new UnprocessableError(`An agent's token can have ${allowed.join(" and ")}, and nothing else.`, [
			{ field: "body.scopes", message: `must not have ${refused.join(", ")}` },
		]);
};
