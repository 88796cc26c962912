import type { SetRoutesInput } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export type RouteOwner = { kind: "agent"; agentId: string } | { kind: "plan"; planId: string } | { kind: "project" };

export const routesQuery = (projectId: string, owner: RouteOwner) => {
	switch (owner.kind) {
		case "agent":
			return apiQueries.routes.getAgentRoutes.queryOptions({ input: { params: { projectId, agentId: owner.agentId }, ...nothing } });
		case "plan":
			return apiQueries.routes.getPlanRoutes.queryOptions({ input: { params: { projectId, planId: owner.planId }, ...nothing } });
		case "project":
			return apiQueries.routes.getProjectRoutes.queryOptions({ input: { params: { projectId }, ...nothing } });
	}
};

/** `version` is that of the list which the editor saw. */
export const setRoutes = (projectId: string, owner: RouteOwner, version: string, body: SetRoutesInput) => {
	const input = { query: {}, headers: { "if-match": `"${version}"` }, body };
	switch (owner.kind) {
		case "agent":
			return api.routes.setAgentRoutes({ params: { projectId, agentId: owner.agentId }, ...input });
		case "plan":
			return api.routes.setPlanRoutes({ params: { projectId, planId: owner.planId }, ...input });
		case "project":
			return api.routes.setProjectRoutes({ params: { projectId }, ...input });
	}
};
