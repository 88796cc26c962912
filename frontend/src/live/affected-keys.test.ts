import { eventCatalogue } from "@agentplanner/contracts";
import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { agentsQuery } from "../queries/agents.ts";
import { decisionQuery, nodeDecisionsQuery } from "../queries/decisions.ts";
import { integrationsQuery } from "../queries/integrations.ts";
import { nodeQuery, plansQuery, planTreeQuery } from "../queries/plans.ts";
import { nodeRequestsQuery, previewQuery, requestQuery, requestsQuery } from "../queries/requests.ts";
import { affectedKeys, belongsToProject } from "./affected-keys.ts";

const [project, other, plan, node, request] = ["p1", "p2", "plan-1", "node-1", "request-1"];

const reads = {
	plans: plansQuery(project).queryKey,
	tree: planTreeQuery(project, plan).queryKey,
	otherPlan: planTreeQuery(project, "plan-2").queryKey,
	node: nodeQuery(project, node).queryKey,
	request: requestQuery(project, request).queryKey,
	otherRequest: requestQuery(project, "request-2").queryKey,
	nodeRequests: nodeRequestsQuery(project, node).queryKey,
	list: requestsQuery(project, "failed").queryKey,
	preview: previewQuery(project, node, []).queryKey,
	agents: agentsQuery(project).queryKey,
	integrations: integrationsQuery(project).queryKey,
	elsewhere: requestQuery(other, request).queryKey,
	decision: decisionQuery(project, "decision-1").queryKey,
	nodeDecisions: nodeDecisionsQuery(project, node).queryKey,
	elsewherePlans: plansQuery(other).queryKey,
};

/** Which reads a change makes stale, judged by TanStack Query itself. */
const staleAfter = (entity: string, id: string): string[] => {
	const client = new QueryClient();
	for (const key of Object.values<QueryKey>(reads)) client.setQueryData(key, {});
	for (const queryKey of affectedKeys(project, entity, id) ?? []) void client.invalidateQueries({ queryKey });
	return Object.entries(reads).flatMap(([name, key]) => (client.getQueryState(key)?.isInvalidated === true ? [name] : []));
};

describe("affected keys", () => {
	it("reads a request again, and every list it may stand in", () => {
		expect(staleAfter("request", request)).toEqual(["request", "nodeRequests", "list"]);
	});

	it("reads all requests of the project when a delivery or response changed, since its id names neither", () => {
		expect(staleAfter("delivery", "d1")).toEqual(["request", "otherRequest", "nodeRequests", "list", "integrations", "decision"]);
		expect(staleAfter("response", "r1")).toEqual(["request", "otherRequest", "nodeRequests", "list"]);
	});

	it("reads only the plan that changed, with its nodes", () => {
		expect(staleAfter("plan", plan)).toEqual(["plans", "tree", "node", "preview"]);
	});

	it("reads trees and progress, the node, previews and the requests that bear its title when a node changed", () => {
		expect(staleAfter("node", node)).toEqual([
			"plans",
			"tree",
			"otherPlan",
			"node",
			"request",
			"otherRequest",
			"nodeRequests",
			"list",
			"preview",
			"agents",
			"nodeDecisions",
		]);
	});

	it("reads a decision again, and every list it may stand in", () => {
		expect(staleAfter("decision", "decision-1")).toEqual(["decision", "nodeDecisions"]);
	});

	it("reads previews again when agents or integrations changed, and what waits at an integration", () => {
		expect(staleAfter("agent", "a1")).toEqual(["preview", "agents"]);
		expect(staleAfter("integration", "i1")).toEqual(["request", "otherRequest", "nodeRequests", "list", "preview", "integrations"]);
	});

	it("knows every entity that events are about, or asks for everything", () => {
		const subjects = new Set(Object.values(eventCatalogue).map(({ subject }) => subject));
		subjects.delete("user");
		for (const subject of subjects) expect(affectedKeys(project, subject, "x"), subject).not.toBeNull();
		expect(affectedKeys(project, "something.new", "x")).toBeNull();
	});

	it("tells the reads of a project from those of another", () => {
		expect(belongsToProject(reads.list, project)).toBe(true);
		expect(belongsToProject(reads.elsewhere, project)).toBe(false);
		expect(belongsToProject(["session"], project)).toBe(false);
	});
});
