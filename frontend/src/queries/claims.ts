import type { Claim } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

/** Renewals make no event, so what is shown of a lease is looked up again from time to time. */
const recheckMs = 15_000;

const claimsQuery = (projectId: string, narrowed: { plan_id?: string; agent_id?: string }) => ({
	...apiQueries.claims.listClaims.queryOptions({ input: { params: { projectId }, query: { ...narrowed, limit: 200 }, headers: {} } }),
	refetchInterval: recheckMs,
});

/** What is held now in a plan. */
export const planClaimsQuery = (projectId: string, planId: string) => claimsQuery(projectId, { plan_id: planId });

/** What an agent has in hand. */
export const agentClaimsQuery = (projectId: string, agentId: string) => claimsQuery(projectId, { agent_id: agentId });

/** Every list of claims. */
export const claimsKey = (projectId: string) => apiQueries.claims.listClaims.key({ input: { params: { projectId } } });

export const breakClaim = ({ project_id: projectId, id: claimId }: Claim) =>
	api.claims.breakClaim({ params: { projectId, claimId }, ...nothing });
