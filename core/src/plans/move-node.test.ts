import { and, eq, events, planNodes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildMember, buildProject } from "../testing.ts";
import { createPlan } from "./create-plan.ts";
import { getNode } from "./get-node.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { moveNode } from "./move-node.ts";
import { addNode, buildTree, draw } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const movesOf = (nodeId: string) =>
	database.db.orm
		.select()
		.from(events)
		.where(and(eq(events.subjectId, nodeId), eq(events.type, "node.moved")))
		.orderBy(events.id);

describe("moveNode", () => {
	test("reorders among siblings, and moves with all below to another parent or the top level", async () => {
		const { owner, plan, A, B, C, a1, a3 } = await buildTree(database.db);
		expect(await moveNode(owner, a3, { parent_id: A, after_id: null }, 1)).toMatchObject({ parent_id: A, version: 2 });
		expect(await draw(owner, plan.id)).toBe("A(a3 a1 a2) B(b1) C");
		await moveNode(owner, a3, { parent_id: A, after_id: a1 }, 2);
		expect(await draw(owner, plan.id)).toBe("A(a1 a3 a2) B(b1) C");
		await moveNode(owner, A, { parent_id: B, after_id: null }, 1);
		expect(await draw(owner, plan.id)).toBe("B(A(a1 a3 a2) b1) C");
		await moveNode(owner, a3, { parent_id: null, after_id: C }, 3);
		expect(await draw(owner, plan.id)).toBe("B(A(a1 a2) b1) C a3");
		expect((await movesOf(a3)).map(({ data }) => data)).toEqual([
			{ plan_id: plan.id, from_parent_id: A, to_parent_id: A, after_id: null },
			{ plan_id: plan.id, from_parent_id: A, to_parent_id: A, after_id: a1 },
			{ plan_id: plan.id, from_parent_id: A, to_parent_id: null, after_id: C },
		]);
	});

	test("to the place it has, changes nothing and says nothing", async () => {
		const { owner, A, a1, a2 } = await buildTree(database.db);
		for (const [id, after] of [
			[a1, null],
			[a2, a1],
		] as const)
			expect(await moveNode(owner, id, { parent_id: A, after_id: after }, 1)).toEqual({ ...(await getNode(owner, id)), change_id: null });
		expect([...(await movesOf(a1)), ...(await movesOf(a2))]).toEqual([]);
	});

	test("a viewer may not; in another project it is not found", async () => {
		const { owner, a1 } = await buildTree(database.db);
		const place = { parent_id: null, after_id: null };
		await expect(moveNode(await buildMember(database.db, owner.projectId, "viewer"), a1, place, null)).rejects.toThrow(ForbiddenError);
		await expect(moveNode(await buildProject(database.db), a1, place, null)).rejects.toThrow(NotFoundError);
	});

	test("never under itself, under something below it, or out of its plan", async () => {
		const { owner, plan, A, a1, b1 } = await buildTree(database.db);
		const deeper = await addNode(owner, plan.id, "deeper", a1);
		const otherPlan = await createPlan(owner, { title: "Other", description: "" });
		const elsewhere = await addNode(owner, otherPlan.id, "elsewhere", null);
		for (const parentId of [A, a1, deeper, elsewhere]) {
			const attempt = moveNode(owner, A, { parent_id: parentId, after_id: null }, null);
			await expect(attempt).rejects.toThrow(UnprocessableError);
			await expect(attempt).rejects.toMatchObject({ fields: [{ field: "body.parent_id" }] });
		}
		expect(await moveNode(owner, A, { parent_id: b1, after_id: null }, null)).toMatchObject({ parent_id: b1 });
	});

	test("only after a child of that parent, and not after itself", async () => {
		const { owner, A, B, a1, b1 } = await buildTree(database.db);
		for (const place of [
			{ parent_id: A, after_id: b1 },
			{ parent_id: null, after_id: b1 },
			{ parent_id: A, after_id: a1 },
			{ parent_id: B, after_id: B },
		])
			await expect(moveNode(owner, a1, place, null)).rejects.toMatchObject({
				code: "unprocessable",
				fields: [{ field: "body.after_id" }],
			});
	});

	test("what is below a node counts for the depth of twenty levels", async () => {
		const { owner, plan, A, a1 } = await buildTree(database.db);
		const chain: string[] = [];
		for (let level = 1; level <= 19; level += 1) chain.push(await addNode(owner, plan.id, `${level}`, chain.at(-1) ?? null));
		const [deepest, above] = [chain.at(-1) ?? "", chain.at(-2) ?? ""];
		await expect(moveNode(owner, A, { parent_id: deepest, after_id: null }, null)).rejects.toMatchObject({
			code: "unprocessable",
			fields: [{ field: "body.parent_id" }],
		});
		await moveNode(owner, a1, { parent_id: deepest, after_id: null }, null);
		await moveNode(owner, A, { parent_id: above, after_id: null }, null);
	});

	test("a stale version is a conflict, also where an edit comes in between; who names none moves what was edited", async () => {
		const { owner, plan, a1, a2 } = await buildTree(database.db);
		const place = { parent_id: null, after_id: null };
		await expect(moveNode(owner, a1, place, 2)).rejects.toThrow(PreconditionFailedError);
		const overtaken = (expected: number | null) =>
			raceAgainst(
				database.db,
				(tx) => tx.update(planNodes).set({ version: sql`version + 1` }).where(eq(planNodes.id, a2)),
				() => moveNode(owner, a2, place, expected),
			);
		await expect(overtaken(1)).rejects.toThrow(PreconditionFailedError);
		expect(await draw(owner, plan.id)).toBe("A(a1 a2 a3) B(b1) C");
		expect(await overtaken(null)).toMatchObject({ parent_id: null, version: 4 });
	});

	test("of two moves that would make a circle together, the second waits and is refused", async () => {
		const { owner, plan, A, B } = await buildTree(database.db);
		const attempt = raceAgainst(
			database.db,
			(tx) => moveNode({ ...owner, db: tx }, A, { parent_id: B, after_id: null }, null),
			() => moveNode(owner, B, { parent_id: A, after_id: null }, null),
		);
		await expect(attempt).rejects.toThrow("A node can't stand under itself");
		expect(await draw(owner, plan.id)).toBe("B(A(a1 a2 a3) b1) C");
	});

	test("a new node and a move to the same place take turns", async () => {
		const { owner, plan, A, B, b1 } = await buildTree(database.db);
		await raceAgainst(
			database.db,
			(tx) => moveNode({ ...owner, db: tx }, b1, { parent_id: A, after_id: null }, null),
			() => addNode(owner, plan.id, "b2", B),
		);
		expect(await draw(owner, plan.id)).toBe("A(b1 a1 a2 a3) B(b2) C");
	});

	test("keys stay short: siblings get fresh ones in time, keep their order and their versions", async () => {
		const { owner, plan, A, a1, a2, a3 } = await buildTree(database.db);
		let [next, last] = [a3, a2];
		for (let count = 0; count < 300; count += 1) {
			await moveNode(owner, next, { parent_id: A, after_id: a1 }, null);
			[next, last] = [last, next];
		}
		expect(await draw(owner, plan.id)).toBe("A(a1 a2 a3) B(b1) C");
		const { nodes } = await getPlanTree(owner, plan.id);
		expect(Math.max(...nodes.map(({ position }) => position.length))).toBeLessThanOrEqual(32);
		expect(nodes.find(({ id }) => id === a1)?.version).toBe(1);
	});

	test("siblings that came to have one key are put in order again", async () => {
		const { owner, plan, A, a1, a3 } = await buildTree(database.db);
		await database.db.orm.update(planNodes).set({ position: "a0" }).where(eq(planNodes.parentId, A));
		await moveNode(owner, a3, { parent_id: A, after_id: a1 }, null);
		expect(await draw(owner, plan.id)).toBe("A(a1 a3 a2) B(b1) C");
	});
});
