import { eq, planNodes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { buildMember, buildProject } from "../testing.ts";
import { createPlan } from "./create-plan.ts";
import { deleteNodes } from "./delete-nodes.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { moveNode } from "./move-node.ts";
import { moveNodes } from "./move-nodes.ts";
import { restoreNode } from "./restore-node.ts";
import { addNode, draw } from "./testing.ts";
import { undoPlanChange } from "./undo-plan-change.ts";

/* Whatever people do to the shape of a plan, in whatever order and at once: it stays one tree, and nothing gets lost. */

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

type Board = { ctx: ProjectContext; planId: string; ids: string[] };
/** Numbers pick from the nodes made so far, deleted ones too. */
type Step =
	| { act: "create"; parent: number }
	| { act: "move"; node: number; parent: number; after: number }
	| { act: "move many"; nodes: number[]; parent: number }
	| { act: "delete"; nodes: number[] }
	| { act: "restore"; node: number }
	| { act: "undo" };

const any = fc.nat(40);
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ act: fc.constant("create" as const), parent: any }),
	fc.record({ act: fc.constant("move" as const), node: any, parent: any, after: any }),
	fc.record({ act: fc.constant("move many" as const), nodes: fc.uniqueArray(any, { minLength: 1, maxLength: 4 }), parent: any }),
	fc.record({ act: fc.constant("delete" as const), nodes: fc.uniqueArray(any, { minLength: 1, maxLength: 2 }) }),
	fc.record({ act: fc.constant("restore" as const), node: any }),
	fc.record({ act: fc.constant("undo" as const) }),
);
const steps = (max: number) => fc.array(step, { minLength: 3, maxLength: max });

const perform = async ({ ctx, planId, ids }: Board, given: Step): Promise<unknown> => {
	const nodeAt = (at: number): string => ids[at % ids.length] ?? "";
	const parentAt = (at: number): string | null => (at % 5 === 0 ? null : nodeAt(at));
	const chosen = (some: number[]) => [...new Set(some.map(nodeAt))].map((id) => ({ id }));
	switch (given.act) {
		case "create":
			return ids.push(await addNode(ctx, planId, `${ids.length}`, parentAt(given.parent)));
		case "move": {
			const [node, parent] = [nodeAt(given.node), parentAt(given.parent)];
			const { nodes } = await getPlanTree(ctx, planId);
			const others = nodes.filter(({ id, parent_id }) => parent_id === parent && id !== node).map(({ id }) => id);
			const after = [null, ...others][given.after % (others.length + 1)] ?? null;
			return moveNode(ctx, node, { parent_id: parent, after_id: after }, null);
		}
		case "move many":
			return moveNodes(ctx, planId, { nodes: chosen(given.nodes), parent_id: parentAt(given.parent), after_id: null });
		case "delete":
			return deleteNodes(ctx, planId, { nodes: chosen(given.nodes) });
		case "restore":
			return restoreNode(ctx, nodeAt(given.node));
		case "undo": {
			const { last_change: last } = await getPlanTree(ctx, planId);
			return last && undoPlanChange(ctx, planId, last.id);
		}
	}
};

/** Whether it was done; what is refused with a reason may be, and nothing else. */
const take = async (board: Board, given: Step): Promise<boolean> => {
	try {
		await perform(board, given);
		return true;
	} catch (error) {
		if (error instanceof DomainError && error.code !== "internal") return false;
		throw error;
	}
};

const buildBoard = async (): Promise<Board> => {
	const ctx = await buildProject(database.db);
	const { id: planId } = await createPlan(ctx, { title: "Walk", description: "" });
	return { ctx, planId, ids: [await addNode(ctx, planId, "0", null)] };
};

const assertOneTree = async ({ ctx, planId, ids }: Board) => {
	const rows = await database.db.orm.select().from(planNodes).where(eq(planNodes.planId, planId));
	expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
	const byId = new Map(rows.map((row) => [row.id, row]));
	const { nodes } = await getPlanTree(ctx, planId);
	expect(nodes.map(({ id }) => id).sort()).toEqual(
		rows
			.filter(({ deletedAt }) => deletedAt === null)
			.map(({ id }) => id)
			.sort(),
	);
	for (const { id, parentId, deletedAt } of rows) {
		const parent = parentId === null ? null : byId.get(parentId);
		expect(parent, `the parent of ${id}`).not.toBeUndefined();
		// Nothing that shows hangs on something that does not.
		if (deletedAt === null && parent) expect(parent.deletedAt, `${id} under a deleted node`).toBeNull();
		let above = parent;
		for (let steps = 0; above; steps += 1) {
			expect(steps, `${id} is on no way to the top`).toBeLessThan(20);
			above = above.parentId === null ? null : byId.get(above.parentId);
		}
	}
	expect(new Set(nodes.map(({ parent_id, position, id }) => `${parent_id} ${position} ${id}`)).size).toBe(nodes.length);
};

const bounds = { numRuns: 25, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false };

test("two writers at once leave one rooted tree without lost nodes", { timeout: 60_000 }, async () => {
	const outcomes = { done: 0, refused: 0 };
	await fc.assert(
		fc.asyncProperty(steps(20), steps(20), async (first, second) => {
			const board = await buildBoard();
			const rival = { ...board, ctx: await buildMember(database.db, board.ctx.projectId, "editor") };
			const write = async (own: Board, work: Step[]) => {
				for (const given of work) outcomes[(await take(own, given)) ? "done" : "refused"] += 1;
			};
			await Promise.all([write(board, first), write(rival, second)]);
			await assertOneTree(board);
		}),
		bounds,
	);
	expect(outcomes.done).toBeGreaterThan(10);
});

test("undoing everything step by step leads back through every shape the plan had", { timeout: 60_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(steps(15), async (work) => {
			const board = await buildBoard();
			const look = async () => {
				const { last_change: last } = await getPlanTree(board.ctx, board.planId);
				return { last: last?.id ?? null, shape: await draw(board.ctx, board.planId) };
			};
			const past = [{ last: null as string | null, shape: "" }, await look()];
			for (const given of work) {
				await take(board, given);
				const seen = await look();
				// A step may be an undo itself; then we are back where we were.
				const at = past.findIndex(({ last }) => last === seen.last);
				if (at === -1) past.push(seen);
				else past.length = at + 1;
				expect(past.at(-1)).toEqual(seen);
			}
			for (let now = past.pop(); now?.last; now = past.pop()) {
				await undoPlanChange(board.ctx, board.planId, now.last);
				expect(await look()).toEqual(past.at(-1));
			}
			await assertOneTree(board);
		}),
		bounds,
	);
});
