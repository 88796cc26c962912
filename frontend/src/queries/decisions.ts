import type { CreateDecisionInput, DecideInput } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const nodeDecisionsQuery = (projectId: string, nodeId: string) =>
	apiQueries.decisions.listDecisions.queryOptions({ input: { params: { projectId }, query: { node_id: nodeId, limit: 50 }, headers: {} } });

export const decisionQuery = (projectId: string, decisionId: string) =>
	apiQueries.decisions.getDecision.queryOptions({ input: { params: { projectId, decisionId }, ...nothing } });

export const createDecision = (projectId: string, body: CreateDecisionInput, idempotencyKey: string) =>
	api.decisions.createDecision({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const decide = (projectId: string, decisionId: string, body: DecideInput) =>
	api.decisions.decide({ params: { projectId, decisionId }, ...nothing, body });

export const cancelDecision = (projectId: string, decisionId: string) =>
	api.decisions.cancelDecision({ params: { projectId, decisionId }, ...nothing });
