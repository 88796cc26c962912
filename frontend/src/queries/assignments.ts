import type { Assignee } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const nodeAssignmentsQuery = (projectId: string, nodeId: string) =>
	apiQueries.assignments.getNodeAssignments.queryOptions({ input: { params: { projectId, nodeId }, ...nothing } });

export const planAssignmentsQuery = (projectId: string, planId: string) =>
	apiQueries.assignments.listAssignments.queryOptions({
		input: { params: { projectId }, query: { plan_id: planId, limit: 200 }, headers: {} },
	});

/** `version` is that of the list that the editor saw. */
export const setNodeAssignments = (projectId: string, nodeId: string, version: string, assignees: Assignee[]) =>
	api.assignments.setNodeAssignments({
		params: { projectId, nodeId },
		query: {},
		headers: { "if-match": `"${version}"` },
		body: { assignees },
	});
