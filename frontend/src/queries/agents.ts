import type { Agent, CreateAgentInput, SetRoutesInput, UpdateAgentInput } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const agentsQuery = (projectId: string) =>
	apiQueries.agents.listAgents.queryOptions({ input: { params: { projectId }, ...nothing } });

export const agentRoutesQuery = (projectId: string, agentId: string) =>
	apiQueries.routes.getAgentRoutes.queryOptions({ input: { params: { projectId, agentId }, ...nothing } });

export const planRoutesQuery = (projectId: string, planId: string) =>
	apiQueries.routes.getPlanRoutes.queryOptions({ input: { params: { projectId, planId }, ...nothing } });

export const projectRoutesQuery = (projectId: string) =>
	apiQueries.routes.getProjectRoutes.queryOptions({ input: { params: { projectId }, ...nothing } });

export const createAgent = (projectId: string, body: CreateAgentInput, idempotencyKey: string) =>
	api.agents.createAgent({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const updateAgent = (agent: Agent, body: UpdateAgentInput) =>
	api.agents.updateAgent({
		params: { projectId: agent.project_id, agentId: agent.id },
		query: {},
		headers: { "if-match": `"${agent.version}"` },
		body,
	});

export const setAgentRoutes = (projectId: string, agentId: string, body: SetRoutesInput) =>
	api.routes.setAgentRoutes({ params: { projectId, agentId }, ...nothing, body });

export const setPlanRoutes = (projectId: string, planId: string, body: SetRoutesInput) =>
	api.routes.setPlanRoutes({ params: { projectId, planId }, ...nothing, body });

export const setProjectRoutes = (projectId: string, body: SetRoutesInput) =>
	api.routes.setProjectRoutes({ params: { projectId }, ...nothing, body });
