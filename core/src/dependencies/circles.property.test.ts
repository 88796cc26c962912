import { eq, planNodeDependencies, planNodes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { moveNode } from "../plans/move-node.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { buildProject } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { getReadiness } from "./get-readiness.ts";
import { listNodeDependencies } from "./list-node-dependencies.ts";
import { removeDependency } from "./remove-dependency.ts";
import { buildPlan } from "./testing.ts";
import { walk, wayTo } from "./walk.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const readGraph = async ({ projectId }: ProjectContext) => {
	const nodes = await database.db.orm.select().from(planNodes).where(eq(planNodes.projectId, projectId));
	const blocks = await database.db.orm.select().from(planNodeDependencies).where(eq(planNodeDependencies.projectId, projectId));
	return { rows: nodes, nodes: new Map(nodes.map(({ id, parentId }) => [id, { parentId }])), blocks };
};

/** Whether some node waits for itself: from the start of what waits one comes to the finish of what it waits for. */
const hasCircle = (graph: Awaited<ReturnType<typeof readGraph>>): boolean =>
	graph.blocks.some(({ upstreamId, downstreamId }) =>
		wayTo(walk(graph, { nodeId: downstreamId, point: "start" }, "downstream"), { nodeId: upstreamId, point: "finish" }),
	);

const size = 8;
const anyNode = fc.nat({ max: size - 1 });
const anyAct = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ kind: fc.constant("add" as const), one: anyNode, other: anyNode }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), one: anyNode, other: anyNode }) },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant("move" as const), one: anyNode, other: anyNode }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("finish" as const), one: anyNode, other: anyNode }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("block" as const), one: anyNode, other: anyNode }) },
);
type Act = typeof anyAct extends fc.Arbitrary<infer Value> ? Value : never;

test("whatever two writers add, remove, move and finish at once, no nodes wait for each other in a circle, and nothing stays blocked by nothing", async () => {
	const outcomes = { done: 0, circles: 0 };
	await fc.assert(
		fc.asyncProperty(fc.array(fc.tuple(anyAct, anyAct), { minLength: 6, maxLength: 12 }), async (rounds) => {
			const owner = await buildProject(database.db);
			const [one, other] = [await buildPlan(database.db, owner, "P(a b) c d"), await buildPlan(database.db, owner, "Q(e) f")];
			const ids = [..."Pabcd"].map(one.id).concat([..."Qef"].map(other.id));
			const act = async ({ kind, one, other }: Act) => {
				const [nodeId = "", otherId = ""] = [ids[one], ids[other]];
				if (kind === "add") return addDependency(owner, nodeId, { relation: "blocks", node_id: otherId });
				if (kind === "move") return moveNode(owner, nodeId, { parent_id: one === other ? null : otherId, after_id: null }, null);
				if (kind === "finish") return setNodeStatus(owner, nodeId, { status: other % 2 === 0 ? "completed" : "not_started" }, null);
				if (kind === "block") return setNodeStatus(owner, nodeId, { status: "blocked" }, null);
				const [dependency] = (await listNodeDependencies(owner, nodeId, { limit: 1 })).items;
				return dependency && removeDependency(owner, dependency.id);
			};
			for (const acts of rounds)
				for (const result of await Promise.allSettled(acts.map(act)))
					if (result.status === "fulfilled") outcomes.done += 1;
					// Refused for a reason that it tells; anything else, such as a deadlock, is a defect.
					else if (!(result.reason instanceof DomainError)) throw result.reason;
					else if (result.reason.message.includes("in a circle")) outcomes.circles += 1;
			const graph = await readGraph(owner);
			expect(hasCircle(graph)).toBe(false);
			for (const { id, status, blockedBy } of graph.rows)
				if (blockedBy === "dependency")
					expect({ status, ...(await getReadiness(owner, id)) }).toMatchObject({ status: "blocked", ready: false });
		}),
		{ numRuns: 20, endOnFailure: true },
	);
	expect(outcomes.done).toBeGreaterThan(50);
	expect(outcomes.circles).toBeGreaterThan(5);
}, 120_000);
