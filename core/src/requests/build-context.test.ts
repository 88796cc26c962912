import { eq, planNodeLabels, planNodes, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NotFoundError } from "../errors.ts";
import { buildNode } from "../testing.ts";
import { buildContextSnapshot } from "./build-context.ts";
import { askAndDispatch, attempt, buildScene, readRequest, sayAndRecord } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("holds project, plan and node, and the ancestors from the root down", async () => {
	const scene = await buildScene(database.db);
	const { projectId } = scene;
	const { planId } = scene.node;
	await database.db.orm.update(plans).set({ title: "Launch", description: "Why" }).where(eq(plans.id, planId));
	const root = await buildNode(database.db, projectId, { planId, title: "Root", kind: "phase", agentInstructions: "Be brief." });
	const middle = await buildNode(database.db, projectId, { planId, title: "Middle", parentId: root.id });
	const leaf = await buildNode(database.db, projectId, {
		planId,
		title: "Leaf",
		parentId: middle.id,
		agentInstructions: "Use markdown.",
		acceptanceCriteria: "It reads well.",
		dueAt: new Date("2030-01-02T03:04:05.678Z"),
		description: "A post",
		context: "Last year's is linked.",
		taskMode: "research",
	});
	await database.db.orm.insert(planNodeLabels).values(["Spring", "docs"].map((label) => ({ projectId, planId, nodeId: leaf.id, label })));
	expect(await buildContextSnapshot(scene.system, { nodeId: leaf.id })).toEqual({
		project: { id: projectId, name: "Test project" },
		plan: { id: planId, title: "Launch", description: "Why" },
		node: {
			id: leaf.id,
			kind: "task",
			title: "Leaf",
			status: leaf.status,
			task_mode: "research",
			labels: ["docs", "Spring"],
			description: "A post",
			context: "Last year's is linked.",
			agent_instructions: "Use markdown.",
			acceptance_criteria: "It reads well.",
			due_at: "2030-01-02T03:04:05.678Z",
		},
		ancestors: [
			{ id: root.id, kind: "phase", title: "Root", agent_instructions: "Be brief." },
			{ id: middle.id, kind: "task", title: "Middle", agent_instructions: "" },
		],
		history: [],
	});
});

test("a circle of parents ends, and another project's node is not found", async () => {
	const scene = await buildScene(database.db);
	const child = await buildNode(database.db, scene.projectId, { planId: scene.node.planId, parentId: scene.node.id });
	await database.db.orm.update(planNodes).set({ parentId: child.id }).where(eq(planNodes.id, scene.node.id));
	expect((await buildContextSnapshot(scene.system, { nodeId: scene.node.id })).ancestors.length).toBeLessThanOrEqual(101);
	await expect(buildContextSnapshot((await buildScene(database.db)).system, { nodeId: scene.node.id })).rejects.toThrow(NotFoundError);
});

test("the last five requests on the node with their answers, newest first, without the one that is asked now", async () => {
	const scene = await buildScene(database.db, 2);
	const ids: string[] = [];
	for (const question of ["1", "2", "3", "4", "5", "6"]) {
		const { id, deliveryIds } = await askAndDispatch(scene, { question });
		ids.unshift(id);
		if (question === "3") continue;
		for (const [index, deliveryId] of deliveryIds.entries()) {
			await attempt(scene, deliveryId).catch(() => {});
			await sayAndRecord(scene, deliveryId, "answer", `${question}.${index}`);
		}
	}
	await buildNode(database.db, scene.projectId, { planId: scene.node.planId });
	const own = await askAndDispatch(scene, { question: "now" });
	const { context } = await readRequest(scene, own.id);
	expect(context?.history.map(({ question }) => question)).toEqual(["6", "5", "4", "3", "2"]);
	expect(context?.history.map(({ agent_request_id }) => agent_request_id)).toEqual(ids.slice(0, 5));
	expect(context?.history[0]).toMatchObject({
		status: "completed",
		asked_at: expect.any(String),
		answers: [
			{ from: scene.agents[0]?.name, text: "6.0", answered_at: expect.any(String) },
			{ from: scene.agents[1]?.name, text: "6.1" },
		],
	});
	expect(context?.history[3]).toMatchObject({ status: "dispatched", answers: [] });
	expect((await buildContextSnapshot(scene.system, { nodeId: scene.node.id })).history[0]?.question).toBe("now");
});

test("long text is cut at 4,000 characters, never through a character", async () => {
	const scene = await buildScene(database.db);
	const smileys = `x${"😀".repeat(3_000)}`;
	const { deliveryIds } = await askAndDispatch(scene, { question: "q".repeat(5_000) });
	await sayAndRecord(scene, deliveryIds[0], "answer", smileys);
	// What is cut in the middle of a pair of surrogates would be refused when the snapshot is stored.
	const { id } = await askAndDispatch(scene, { question: "Next" });
	const [earlier] = (await readRequest(scene, id)).context?.history ?? [];
	expect(earlier?.question).toBe(`${"q".repeat(4_000)}…`);
	expect(earlier?.answers[0]?.text).toBe(`x${"😀".repeat(1_999)}…`);
});
