import type { Agent, CreateAgentInput, UpdateAgentInput } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const agentsQuery = (projectId: string) =>
	apiQueries.agents.listAgents.queryOptions({ input: { params: { projectId }, ...nothing } });

export const createAgent = (projectId: string, body: CreateAgentInput, idempotencyKey: string) =>
	api.agents.createAgent({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const updateAgent = (agent: Agent, body: UpdateAgentInput) =>
	api.agents.updateAgent({
		params: { projectId: agent.project_id, agentId: agent.id },
		query: {},
		headers: { "if-match": `"${agent.version}"` },
		body,
	});
