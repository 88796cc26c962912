import { deleteNode, moveNode } from "@agentplanner/core";
import { buildNode } from "@agentplanner/core/testing";
import { type Lines, list, read, write } from "./line.ts";
import type { Scene } from "./scene.ts";

/** One node more in the scene's plan. */
const freshNode = ({ api, owner, params: { planId = "" } }: Scene) => buildNode(api.db, owner.projectId, { planId, position: "a5" });

const freshBody =
	(rest: Record<string, unknown> = {}) =>
	async (scene: Scene) => ({ body: { nodes: [{ id: (await freshNode(scene)).id }], ...rest } });

export const nodes: Lines<"nodes"> = {
	listNodes: list("plans:read"),
	listLabels: list("plans:read"),
	listDeletedNodes: read("plans:read"),
	listPlanChanges: read("plans:read"),
	deleteNode: write("editor", "plans:write", async (scene) => ({ params: { nodeId: (await freshNode(scene)).id } })),
	deleteNodes: write("editor", "plans:write", freshBody()),
	moveNodes: write("editor", "plans:write", freshBody({ parent_id: null, after_id: null })),
	setNodeStatuses: write("editor", "plans:write", freshBody({ status: "blocked" })),
	restoreNode: write("editor", "plans:write", async (scene) => {
		const { id: nodeId } = await freshNode(scene);
		await deleteNode(scene.owner, nodeId, null);
		return { params: { nodeId } };
	}),
	// Of each caller a plan of its own: only the last change of one can be undone.
	undoPlanChange: write("editor", "plans:write", async ({ api, owner }) => {
		const first = await buildNode(api.db, owner.projectId);
		const second = await buildNode(api.db, owner.projectId, { planId: first.planId, position: "a1" });
		const { change_id } = await moveNode(owner, second.id, { parent_id: first.id, after_id: null }, null);
		return { params: { planId: first.planId, changeId: change_id ?? "" } };
	}),
};
