import { randomUUID } from "node:crypto";
import { goalLinks, goals as goalsTable } from "@agentplanner/db";
import { body, type Lines, read, write } from "./line.ts";
import type { Scene } from "./scene.ts";

const buildGoal = async ({ api, owner: { projectId } }: Scene, more: { deletedAt?: Date } = {}) => {
	const [goal] = await api.db.orm
		.insert(goalsTable)
		.values({ projectId, title: "Fewer calls", ...more })
		.returning();
	return goal?.id ?? "";
};
const withGoal = async (scene: Scene) => ({ params: { goalId: await buildGoal(scene) } });

export const goals: Lines<"goals"> = {
	createGoal: write("editor", "goals:write", body({ title: "New" })),
	listGoals: read("goals:read"),
	getGoal: read("goals:read", withGoal),
	updateGoal: write("editor", "goals:write", async (scene) => ({ ...(await withGoal(scene)), body: { title: randomUUID() } })),
	deleteGoal: write("editor", "goals:write", withGoal),
	restoreGoal: write("editor", "goals:write", async (scene) => ({ params: { goalId: await buildGoal(scene, { deletedAt: new Date() }) } })),
	linkGoal: write("editor", "goals:write", async (scene) => ({
		...(await withGoal(scene)),
		body: { plan_id: scene.params.planId },
	})),
	unlinkGoal: write("editor", "goals:write", async (scene) => {
		const goalId = await buildGoal(scene);
		const [link] = await scene.api.db.orm
			.insert(goalLinks)
			.values({ projectId: scene.owner.projectId, goalId, planId: scene.params.planId ?? "" })
			.returning();
		return { params: { goalId, linkId: link?.id ?? "" } };
	}),
};
