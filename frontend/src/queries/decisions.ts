import type { CreateDecisionInput, DecideInput, Decision } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const nodeDecisionsQuery = (projectId: string, nodeId: string) =>
	apiQueries.decisions.listDecisions.queryOptions({ input: { params: { projectId }, query: { node_id: nodeId, limit: 50 }, headers: {} } });

/** What people are asked to decide within a request. */
export const requestDecisionsQuery = (projectId: string, requestId: string) =>
	apiQueries.decisions.listDecisions.queryOptions({
		input: { params: { projectId }, query: { agent_request_id: requestId, limit: 50 }, headers: {} },
	});

const pendingQuery = (projectId: string) =>
	apiQueries.decisions.listDecisions.queryOptions({
		input: { params: { projectId }, query: { status: "pending", limit: 100 }, headers: {} },
	});

/** Whether people have to decide it; what is for information waits for nobody. */
export const isUndecided = ({ status, urgency }: Decision): boolean => status === "pending" && urgency !== "informational";

const nodesOf = ({ items }: { items: Decision[] }) => new Set(items.filter(isUndecided).map(({ node }) => node.id));

const requestsOf = ({ items }: { items: Decision[] }) => new Set(items.filter(isUndecided).map(({ agent_request_id }) => agent_request_id));

/** The ids of the nodes that people must decide something about. */
export const undecidedNodesQuery = (projectId: string) => ({ ...pendingQuery(projectId), select: nodesOf });

/** The ids of the requests in which people must decide something. */
export const undecidedRequestsQuery = (projectId: string) => ({
	...pendingQuery(projectId),
	select: requestsOf,
});

/** Every list of decisions. */
export const decisionsKey = (projectId: string) => apiQueries.decisions.listDecisions.key({ input: { params: { projectId } } });

export const decisionQuery = (projectId: string, decisionId: string) =>
	apiQueries.decisions.getDecision.queryOptions({ input: { params: { projectId, decisionId }, ...nothing } });

export const createDecision = (projectId: string, body: CreateDecisionInput, idempotencyKey: string) =>
	api.decisions.createDecision({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const decide = (projectId: string, decisionId: string, body: DecideInput) =>
	api.decisions.decide({ params: { projectId, decisionId }, ...nothing, body });

export const cancelDecision = (projectId: string, decisionId: string) =>
	api.decisions.cancelDecision({ params: { projectId, decisionId }, ...nothing });
