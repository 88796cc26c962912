import type { NodeKind, NodeStatus } from "@agentplanner/contracts";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildNode, buildProject } from "../testing.ts";
import { deleteNode } from "./delete-nodes.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { listPlans } from "./list-plans.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

type Sketch = [title: string, kind: NodeKind, status: NodeStatus, below?: Sketch[]];

const build = async (sketches: Sketch[]) => {
	const owner = await buildProject(database.db);
	const { planId, id: first } = await buildNode(database.db, owner.projectId, { title: "to be deleted" });
	await deleteNode(owner, first, null);
	const put = async (parentId: string | null, some: Sketch[]) => {
		for (const [index, [title, kind, status, below = []]] of some.entries()) {
			const { id } = await buildNode(database.db, owner.projectId, { planId, parentId, title, kind, status, position: `a${index}` });
			await put(id, below);
		}
	};
	await put(null, sketches);
	const { progress, nodes } = await getPlanTree(owner, planId);
	const say = (one: typeof progress | null) => one && `${one.completed}/${one.total} ${one.percent}%`;
	return { owner, progress, plan: say(progress), of: (title: string) => say(nodes.find((node) => node.title === title)?.progress ?? null) };
};

test("tasks and milestones count wherever they stand, phases hold them together, what is cancelled does not count", async () => {
	const { owner, progress, plan, of } = await build([
		["Build", "phase", "not_started", [
			["Draft", "task", "completed"],
			["Review", "task", "in_progress", [["By a lawyer", "task", "completed"], ["By a poet", "task", "cancelled"]]],
			["Inner", "phase", "completed", [["Ship", "milestone", "not_started"]]],
		]],
		["Given up", "phase", "cancelled", [["Half done", "task", "in_progress"], ["Done", "task", "completed"]]],
		["Empty", "phase", "completed"],
		["Alone", "task", "blocked"],
	]); // biome-ignore format: a tree
	expect(plan).toBe("2/5 40%");
	expect(progress.by_status).toEqual({ not_started: 1, in_progress: 1, blocked: 1, completed: 2, cancelled: 3 });
	expect(of("Build")).toBe("2/4 50%");
	expect(of("Review")).toBe("1/1 100%");
	expect(of("Inner")).toBe("0/1 0%");
	expect(of("Given up")).toBe("0/0 null%");
	for (const leaf of ["Empty", "Alone", "Draft"]) expect(of(leaf)).toBeNull();
	expect((await listPlans(owner, { limit: 5 })).items).toMatchObject([{ progress }]);
});

test("all but one of many is never 100 percent", async () => {
	const done = Array.from({ length: 299 }, (_, index): Sketch => [`${index}`, "task", "completed"]);
	expect((await build([...done, ["last", "task", "blocked"]])).plan).toBe("299/300 99%");
	expect((await build([])).plan).toBe("0/0 null%");
});
