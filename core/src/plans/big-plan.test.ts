import { sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { buildProject } from "../testing.ts";
import { createExplainer } from "../testing-explain.ts";
import { createPlan } from "./create-plan.ts";
import { deleteNode } from "./delete-nodes.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { listNodes } from "./list-nodes.ts";
import { moveNode } from "./move-node.ts";
import { undoPlanChange } from "./undo-plan-change.ts";

/* One plan of 10,000 nodes beside another of 90,000: 100 phases with 100 nodes each, every tenth of which has nine tasks below it. */

let database: TestDatabase;
let owner: ProjectContext;
let planId: string;
let explain: ReturnType<typeof createExplainer>;
beforeAll(async () => {
	database = await createTestDatabase();
	explain = createExplainer(database.db);
	owner = await buildProject(database.db);
	planId = (await createPlan(owner, { title: "Big", description: "" })).id;
	const { id: bigger } = await createPlan(owner, { title: "Bigger", description: "" });
	for (const [plan, size] of [[planId, 100], [bigger, 900]] as const) await fill(plan, size); // biome-ignore format: pairs
	await database.db.pool.query("analyze");
});
afterAll(() => database.drop());

const fill = async (plan: string, phases: number) => {
	await database.db.orm.execute(sql`
		with phase as (
			insert into plan_nodes (project_id, plan_id, kind, title, position)
			select ${owner.projectId}, ${plan}, 'phase', 'Phase ' || n, 'b' || lpad(n::text, 4, '0') || 'V' from generate_series(1, ${phases}::integer) n
			returning id
		), task as (
			insert into plan_nodes (project_id, plan_id, parent_id, kind, title, position, status, description)
			select ${owner.projectId}, ${plan}, phase.id, 'task', 'Task ' || n, 'a' || n, case when n % 2 = 0 then 'completed' else 'not_started' end, repeat('long ', 100)
			from phase, generate_series(0, 9) n returning id, plan_id, title
		), label as (
			insert into plan_node_labels (project_id, plan_id, node_id, label)
			select ${owner.projectId}, plan_id, id, 'label ' || (random() * 200)::integer from task
		)
		insert into plan_nodes (project_id, plan_id, parent_id, kind, title, position)
		select ${owner.projectId}, ${plan}, task.id, 'task', 'Step ' || n, 'a' || n from task, generate_series(1, 9) n`);
};

/** How many queries `work` sends. */
const queriesOf = async (work: (ctx: ProjectContext) => Promise<unknown>): Promise<number> => {
	let sent = 0;
	const db = new Proxy(owner.db, {
		get: (target, name) => {
			if (name === "select" || name === "execute") sent += 1;
			const member = Reflect.get(target, name);
			return typeof member === "function" ? member.bind(target) : member;
		},
	});
	await work({ ...owner, db });
	return sent;
};

test("a plan of 10,000 nodes is read at once: few queries, small rows, soon", { timeout: 60_000 }, async () => {
	const startedAt = performance.now();
	const tree = await getPlanTree(owner, planId);
	const took = performance.now() - startedAt;
	const bytes = Buffer.byteLength(JSON.stringify(tree));
	expect(tree.nodes).toHaveLength(10_100);
	expect(tree.progress).toMatchObject({ completed: 500, total: 10_000, percent: 5 });
	expect(tree.nodes[0]?.progress).toMatchObject({ completed: 5, total: 100 });
	expect(bytes / tree.nodes.length).toBeLessThan(450);
	expect(await queriesOf((ctx) => getPlanTree(ctx, planId))).toBeLessThanOrEqual(8);
	// Far more than it takes, so that a busy machine doesn't fail it and a query per node does.
	expect(took).toBeLessThan(5_000);
});

test("whatever is read or changed in one plan is found by an index, among the nodes of all plans", { timeout: 60_000 }, async () => {
	const reading = await explain(() => getPlanTree(owner, planId));
	expect(reading).toContainEqual(expect.stringMatching(/plan_nodes_tree_index/));

	const byLabel = await explain(() => listNodes(owner, { label: "label 7", limit: 50 }));
	expect(byLabel.filter((step) => /^Seq Scan on plan_node/.test(step))).toEqual([]);

	const { nodes } = await getPlanTree(owner, planId);
	const phases = nodes.filter(({ parent_id }) => parent_id === null);
	const nodeId = phases[0]?.id ?? "";
	const deleting = await explain(async () => {
		const { change } = await deleteNode(owner, nodeId, null);
		await undoPlanChange(owner, planId, change?.id ?? "");
		await moveNode(owner, nodeId, { parent_id: null, after_id: phases.at(-1)?.id ?? null }, null);
	});
	expect(deleting.filter((step) => step === "Seq Scan on plan_nodes")).toEqual([]);
});
