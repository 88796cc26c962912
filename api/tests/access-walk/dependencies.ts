import { addDependency, type ProjectContext } from "@agentplanner/core";
import { buildNode } from "@agentplanner/core/testing";
import { type Lines, list, read, write } from "./line.ts";
import type { Scene } from "./scene.ts";

const freshNode = async ({ api, owner, params: { planId = "" } }: Pick<Scene, "api" | "params"> & { owner: ProjectContext }) =>
	(await buildNode(api.db, owner.projectId, { planId, position: "a6" })).id;

export const dependencies: Lines<"dependencies"> = {
	addDependency: write("editor", "plans:write", async (scene) => ({
		body: { relation: "blocked_by", node_id: await freshNode(scene) },
	})),
	removeDependency: write("editor", "plans:write", async (scene) => {
		const { id } = await addDependency(scene.owner, scene.nodeId, { relation: "relates_to", node_id: await freshNode(scene) });
		return { params: { dependencyId: id } };
	}),
	listNodeDependencies: read("plans:read"),
	listPlanDependencies: read("plans:read"),
	getReadiness: read("plans:read"),
	listUpstream: read("plans:read"),
	listDownstream: read("plans:read"),
	getImpact: read("plans:read"),
	getCriticalPath: read("plans:read"),
	getNextTask: list("plans:read"),
	getPlanNextTask: read("plans:read"),
};
