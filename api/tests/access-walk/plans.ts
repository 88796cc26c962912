import { randomUUID } from "node:crypto";
import { createPlan, deletePlan, type ProjectContext } from "@agentplanner/core";
import { buildNode } from "@agentplanner/core/testing";
import { body, type Lines, list, read, write } from "./line.ts";

const freshPlan = (owner: ProjectContext) => createPlan(owner, { title: "Fresh", description: "" });

export const plans: Lines<"plans"> = {
	createPlan: write("editor", "plans:write", body({ title: "New" })),
	listPlans: list("plans:read"),
	getPlanTree: read("plans:read"),
	updatePlan: write("editor", "plans:write", () => ({ body: { title: randomUUID() } })),
	duplicatePlan: write("editor", "plans:write", body({})),
	deletePlan: write("admin", null, async ({ owner }) => ({ params: { planId: (await freshPlan(owner)).id } })),
	restorePlan: write("admin", null, async ({ owner }) => {
		const { id: planId } = await freshPlan(owner);
		await deletePlan(owner, planId, null);
		return { params: { planId } };
	}),
	createNode: write("editor", "plans:write", body({ title: "New" })),
	getNode: read("plans:read"),
	updateNode: write("editor", "plans:write", () => ({ body: { title: randomUUID() } })),
	moveNode: write("editor", "plans:write", async ({ api, owner, params: { planId = "" } }) => ({
		params: { nodeId: (await buildNode(api.db, owner.projectId, { planId, position: "a5" })).id },
		body: { parent_id: null, after_id: null },
	})),
	setNodeStatus: write("editor", "plans:work", body({ status: "blocked" })),
};
