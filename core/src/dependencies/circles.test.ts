import { eq, planNodes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UnprocessableError } from "../errors.ts";
import { moveNode } from "../plans/move-node.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildProject } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { buildPlan, countDependencies } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("a circle of waiting is refused, with its way, and nothing changes:", () => {
	const refused = async (tree: string, blocks: string[], edge: string, way: string) => {
		const owner = await buildProject(database.db);
		const plan = await buildPlan(database.db, owner, tree, blocks);
		const attempt = plan.block(edge);
		await expect(attempt).rejects.toThrow(UnprocessableError);
		await expect(attempt).rejects.toThrow(`in a circle: ${way}.`);
		expect(await countDependencies(owner)).toBe(blocks.length);
	};

	test("two nodes", () => refused("a b", ["a>b"], "b>a", "“a” blocks “b”, “b” would block “a”"));
	test("a chain, by its shortest way", () =>
		refused("a b c d", ["a>b", "b>c", "c>d", "a>c"], "d>a", "“a” blocks “c”, “c” blocks “d”, “d” would block “a”"));
	test("a phase that blocks what is below it", () => refused("P(a)", [], "P>a", "“a” is part of “P”, “P” would block “a”"));
	test("a phase that waits for what is below it", () => refused("P(a)", [], "a>P", "“a” is part of “P”, “a” would block “P”"));
	test("through the tree", () =>
		refused("P(a b) Q(c)", ["P>Q"], "c>b", "“b” is part of “P”, “P” blocks “Q”, “c” is part of “Q”, “c” would block “b”"));

	test("over two plans, and over what is deleted, which may come back", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b");
		const other = await buildPlan(database.db, owner, "c");
		await addDependency(owner, id("b"), { relation: "blocks", node_id: other.id("c") });
		await addDependency(owner, id("a"), { relation: "blocks", node_id: id("b") });
		await database.db.orm
			.update(planNodes)
			.set({ deletedAt: sql`now()` })
			.where(eq(planNodes.id, id("b")));
		const attempt = addDependency(owner, other.id("c"), { relation: "blocks", node_id: id("a") });
		await expect(attempt).rejects.toThrow("“a” blocks “b” (deleted), “b” (deleted) blocks “c”, “c” would block “a”");
	});

	test("a move that closes one", async () => {
		const owner = await buildProject(database.db);
		const { id, nodeOf } = await buildPlan(database.db, owner, "P(a) Q(c) d(e)", ["P>Q", "c>d"]);
		for (const [what, parent, way] of [
			["d", "P", "“P” blocks “Q”, “c” is part of “Q”, “c” blocks “d”, “d” would be part of “P”"],
			["P", "d", "“P” blocks “Q”, “c” is part of “Q”, “c” blocks “d”, “P” would be part of “d”"],
		] as const) {
			const attempt = moveNode(owner, id(what), { parent_id: id(parent), after_id: null }, null);
			await expect(attempt).rejects.toMatchObject({ code: "unprocessable", fields: [{ field: "body.parent_id" }] });
			await expect(attempt).rejects.toThrow(`in a circle: ${way}.`);
		}
		await moveNode(owner, id("d"), { parent_id: id("Q"), after_id: null }, null);
		expect(await nodeOf("P")).toMatchObject({ parentId: null, version: 1 });
		expect(await nodeOf("d")).toMatchObject({ parentId: id("Q"), version: 2 });
	});

	test("of two halves written at once the second one waits, and is refused", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b");
		const attempt = raceAgainst(
			database.db,
			(tx) => addDependency({ ...owner, db: tx }, id("a"), { relation: "blocks", node_id: id("b") }),
			() => addDependency(owner, id("b"), { relation: "blocks", node_id: id("a") }),
		);
		await expect(attempt).rejects.toThrow("in a circle");
		expect(await countDependencies(owner)).toBe(1);
	});

	test("also where the other half is a move in another plan", async () => {
		const owner = await buildProject(database.db);
		const one = await buildPlan(database.db, owner, "P a");
		const other = await buildPlan(database.db, owner, "x");
		await addDependency(owner, one.id("P"), { relation: "blocks", node_id: other.id("x") });
		const attempt = raceAgainst(
			database.db,
			(tx) => moveNode({ ...owner, db: tx }, one.id("a"), { parent_id: one.id("P"), after_id: null }, null),
			() => addDependency(owner, one.id("a"), { relation: "blocked_by", node_id: other.id("x") }),
		);
		await expect(attempt).rejects.toThrow("“a” is part of “P”, “P” blocks “x”, “x” would block “a”");
	});
});
