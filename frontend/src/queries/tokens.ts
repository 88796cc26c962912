import type { CreateTokenInput } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const tokensQuery = (projectId: string) =>
	apiQueries.tokens.listTokens.queryOptions({ input: { params: { projectId }, ...nothing } });

export const createToken = (projectId: string, body: CreateTokenInput, idempotencyKey: string) =>
	api.tokens.createToken({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const revokeToken = (projectId: string, tokenId: string) => api.tokens.revokeToken({ params: { projectId, tokenId }, ...nothing });
