import { planNodes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getPlanTree } from "./get-plan-tree.ts";
import { moveNodes } from "./move-nodes.ts";
import { setNodeStatus } from "./set-node-status.ts";
import { setNodeStatuses } from "./set-node-statuses.ts";
import { buildTree, chosen, draw, undoLast, whole } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("many at once", () => {
	test("move to one place and keep their order, whatever the order they are named in", async () => {
		const { owner, plan, B, C, a1, a3, b1 } = await buildTree(database.db);
		await moveNodes(owner, plan.id, { nodes: chosen(C, a3, a1), parent_id: B, after_id: b1 });
		expect(await draw(owner, plan.id)).toBe("A(a2) B(b1 a1 a3 C)");
		await undoLast(owner, plan.id);
		expect(await draw(owner, plan.id)).toBe(whole);
	});

	test("five hundred find room between two neighbours", async () => {
		const { owner, plan, A, B } = await buildTree(database.db);
		const rows = Array.from({ length: 500 }, (_, index) => ({ title: `${index}`, position: `b${`${index}`.padStart(3, "0")}1` }));
		const shape = { projectId: owner.projectId, planId: plan.id, parentId: B, kind: "task" as const };
		const added = await database.db.orm
			.insert(planNodes)
			.values(rows.map((row) => ({ ...shape, ...row })))
			.returning({ id: planNodes.id });
		await moveNodes(owner, plan.id, { nodes: chosen(...added.map(({ id }) => id)), parent_id: null, after_id: A });
		const { nodes } = await getPlanTree(owner, plan.id);
		const top = nodes.filter(({ parent_id }) => parent_id === null);
		expect(top.map(({ title }) => title)).toEqual(["A", ...rows.map(({ title }) => title), "B", "C"]);
		expect(Math.max(...top.map(({ position }) => position.length))).toBeLessThan(8);
	});

	test("a move under one of them, or below it, changes nothing", async () => {
		const { owner, plan, A, C, a1 } = await buildTree(database.db);
		const attempt = moveNodes(owner, plan.id, { nodes: chosen(C, A), parent_id: a1, after_id: null });
		await expect(attempt).rejects.toMatchObject({ code: "unprocessable", fields: [{ field: "body.parent_id" }] });
		expect(await draw(owner, plan.id)).toBe(whole);
	});

	test("statuses: those that have it already stay as they are, and undo gives each its own back", async () => {
		const { owner, plan, a1, a2, a3 } = await buildTree(database.db);
		await setNodeStatus(owner, a1, { status: "blocked" }, null);
		await setNodeStatus(owner, a2, { status: "completed" }, null);
		const { change } = await setNodeStatuses(owner, plan.id, { nodes: chosen(a1, a2, a3), status: "completed" });
		expect(change).toMatchObject({ kind: "status", nodes: 2 });
		expect(await setNodeStatuses(owner, plan.id, { nodes: chosen(a1), status: "completed" })).toEqual({ change: null });
		await undoLast(owner, plan.id);
		const { nodes } = await getPlanTree(owner, plan.id);
		expect([a1, a2, a3].map((id) => nodes.find((node) => node.id === id)?.status)).toEqual(["blocked", "completed", "not_started"]);
	});
});
