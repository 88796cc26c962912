import { z } from "zod";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { Scope } from "./scopes.ts";
import { Id, line, Timestamp } from "./values.ts";

export const ApiToken = z.strictObject({
	id: Id,
	name: z.string(),
	/** How the token begins, to tell it by. */
	prefix: z.string(),
	scopes: z.array(Scope),
	/** A member or an agent; what they may do today bounds what the token may. */
	owner: z.strictObject({ user_id: Id.nullable(), agent_id: Id.nullable(), name: z.string() }),
	expires_at: Timestamp.nullable(),
	/** To the minute. */
	last_used_at: Timestamp.nullable(),
	revoked_at: Timestamp.nullable(),
	created_at: Timestamp,
});
export type ApiToken = z.infer<typeof ApiToken>;

export const CreateTokenInput = z
	.strictObject({
		name: line(120),
		scopes: z.array(Scope).min(1, "must name at least one scope").max(50),
		/** Whose token it will be; without it mine. An agent's can only read and answer the requests that were sent to it. */
		agent_id: Id.optional(),
		/** Default: 90 days from now; null: never. */
		expires_at: Timestamp.nullable().optional(),
	})
	.meta({ examples: [{ name: "Nightly script", scopes: ["plans:read", "requests:create"] }] });
export type CreateTokenInput = z.infer<typeof CreateTokenInput>;

/** The one time that the token itself is shown. */
export const CreatedToken = ApiToken.extend({ token: z.string() });
export type CreatedToken = z.infer<typeof CreatedToken>;

export const TokenParams = ProjectParams.extend({ tokenId: Id });

export const tokens = {
	createToken: endpoint({
		method: "POST",
		path: "/projects/{projectId}/tokens",
		summary: "Make an API token; it is shown once",
		tag: "tokens",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreateTokenInput,
		output: CreatedToken,
		status: 201,
		refuses: ["conflict", "unprocessable"],
	}),
	listTokens: endpoint({
		method: "GET",
		path: "/projects/{projectId}/tokens",
		summary: "My tokens; owners and admins see everybody's",
		tag: "tokens",
		params: ProjectParams,
		output: z.strictObject({ items: z.array(ApiToken) }),
	}),
	revokeToken: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/tokens/{tokenId}",
		summary: "End a token at once",
		tag: "tokens",
		params: TokenParams,
		output: z.strictObject({}),
		refuses: ["conflict"],
	}),
};
