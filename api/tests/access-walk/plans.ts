import { randomUUID } from "node:crypto";
import { buildNode } from "@agentplanner/core/testing";
import { body, type Lines, read, write } from "./line.ts";

export const plans: Lines<"plans"> = {
	createPlan: write("editor", "plans:write", body({ title: "New" })),
	listPlans: read("plans:read"),
	getPlanTree: read("plans:read"),
	updatePlan: write("editor", "plans:write", () => ({ body: { title: randomUUID() } })),
	createNode: write("editor", "plans:write", body({ title: "New" })),
	getNode: read("plans:read"),
	updateNode: write("editor", "plans:write", () => ({ body: { title: randomUUID() } })),
	moveNode: write("editor", "plans:write", async ({ api, owner, params: { planId = "" } }) => ({
		params: { nodeId: (await buildNode(api.db, owner.projectId, { planId, position: "a5" })).id },
		body: { parent_id: null, after_id: null },
	})),
	setNodeStatus: write("editor", "plans:write", body({ status: "blocked" })),
};
