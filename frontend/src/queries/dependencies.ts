import type { AddDependencyInput } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { api, apiQueries, nothing } from "../lib/api-client.ts";
import { planTreeQuery } from "./plans.ts";

export const nodeDependenciesQuery = (projectId: string, nodeId: string) =>
	apiQueries.dependencies.listNodeDependencies.queryOptions({
		input: { params: { projectId, nodeId }, query: { limit: 200 }, headers: {} },
	});

export const readinessQuery = (projectId: string, nodeId: string) =>
	apiQueries.dependencies.getReadiness.queryOptions({ input: { params: { projectId, nodeId }, ...nothing } });

export const criticalPathQuery = (projectId: string, planId: string) =>
	apiQueries.dependencies.getCriticalPath.queryOptions({ input: { params: { projectId, planId }, ...nothing } });

export const addDependency = (projectId: string, nodeId: string, body: AddDependencyInput, idempotencyKey: string) =>
	api.dependencies.addDependency({ params: { projectId, nodeId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const removeDependency = (projectId: string, dependencyId: string) =>
	api.dependencies.removeDependency({ params: { projectId, dependencyId }, ...nothing });

/** Shows at once what a change of a node's dependencies made of it and its plan. */
export const refreshDependencies = async (
	client: QueryClient,
	node: { id: string; project_id: string; plan_id: string },
): Promise<void> => {
	const { id, project_id: projectId, plan_id: planId } = node;
	const reads = [
		nodeDependenciesQuery(projectId, id),
		readinessQuery(projectId, id),
		planTreeQuery(projectId, planId),
		criticalPathQuery(projectId, planId),
	];
	await Promise.all(reads.map(({ queryKey }) => client.invalidateQueries({ queryKey })));
};
