import { planNodeDependencies, planNodeLabels, planNodes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { moveNode } from "../plans/move-node.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { buildNode, buildProject } from "../testing.ts";
import { createExplainer } from "../testing-explain.ts";
import { addDependency } from "./add-dependency.ts";
import { getCriticalPath } from "./get-critical-path.ts";
import { getImpact } from "./get-impact.ts";
import { getNextTask } from "./get-next-task.ts";
import { getReadiness } from "./get-readiness.ts";
import { listDownstream } from "./list-downstream.ts";
import { listNodeDependencies } from "./list-node-dependencies.ts";
import { listPlanDependencies } from "./list-plan-dependencies.ts";
import { listUpstream } from "./list-upstream.ts";

/** A plan of a hundred phases with a hundred tasks each, which wait for each other within their phase; beside it nine like it. */
const phases = 100;
const plansBeside = 9;

let database: TestDatabase;
let explain: ReturnType<typeof createExplainer>;
let owner: ProjectContext;
let planId: string;
let at: (name: string) => Promise<string>;

const fillPlan = async (ctx: ProjectContext): Promise<string> => {
	const { planId } = await buildNode(database.db, ctx.projectId, { kind: "phase", title: "p0", position: "a" });
	await database.db.orm.execute(sql`
		with phase as (
			insert into plan_nodes (project_id, plan_id, kind, title, position)
			select ${ctx.projectId}, ${planId}, 'phase', 'p' || n, 'b' || lpad(n::text, 3, '0') from generate_series(1, ${phases}) n
			returning id, title
		), task as (
			insert into plan_nodes (project_id, plan_id, parent_id, kind, title, position)
			select ${ctx.projectId}, ${planId}, phase.id, 'task', phase.title || '.' || n, 'b' || lpad(n::text, 3, '0')
			from phase cross join generate_series(1, 99) n returning id, parent_id, title, position
		)
		insert into plan_node_dependencies (project_id, kind, upstream_id, downstream_id)
		select ${ctx.projectId}, 'blocks', id, later from (
			select id, lead(id) over (partition by parent_id order by position) as later from task
		) chain where later is not null`);
	return planId;
};

beforeAll(async () => {
	database = await createTestDatabase();
	explain = createExplainer(database.db);
	owner = await buildProject(database.db);
	planId = await fillPlan(owner);
	for (let count = 0; count < plansBeside; count += 1) await fillPlan(count % 2 === 0 ? owner : await buildProject(database.db));
	for (const table of [planNodes, planNodeDependencies]) await database.db.orm.execute(sql`analyze ${table}`);
	const { rows } = await database.db.orm.execute<{ id: string; title: string }>(
		sql`select id, title from plan_nodes where plan_id = ${planId}`,
	);
	const ids = new Map(rows.map(({ id, title }) => [title, id]));
	at = async (name) => ids.get(name) ?? "";
	await database.db.orm.insert(planNodeLabels).values({ projectId: owner.projectId, planId, nodeId: await at("p80.1"), label: "docs" });
}, 60_000);
afterAll(() => database.drop());

const page = { limit: 50 };

test.each<[string, () => Promise<unknown>]>([
	["a node's dependencies", async () => listNodeDependencies(owner, await at("p50.50"), page)],
	["whether a node is ready", async () => getReadiness(owner, await at("p50.50"))],
	["upstream", async () => listUpstream(owner, await at("p50.99"), page)],
	["downstream", async () => listDownstream(owner, await at("p50.1"), page)],
	["impact", async () => getImpact(owner, await at("p50.90"), undefined)],
	["the next task", () => getNextTask(owner, planId, {})],
	["the next task of a project", () => getNextTask(owner, null, {})],
	["the next task with a label", () => getNextTask(owner, planId, { label: "docs", task_mode: "free" })],
	["finishing a node", async () => setNodeStatus(owner, await at("p50.1"), { status: "completed" }, null)],
	["adding a dependency", async () => addDependency(owner, await at("p60.1"), { relation: "blocked_by", node_id: await at("p59.99") })],
	["a move to another phase", async () => moveNode(owner, await at("p70.1"), { parent_id: await at("p71"), after_id: null }, null)],
])("%s reads no table from end to end, among a hundred thousand nodes", async (_, work) => {
	const plans = await explain(work);
	expect(plans.length).toBeGreaterThan(0);
	expect(plans.filter((step) => /Seq Scan on plan_node/.test(step))).toEqual([]);
});

test("a plan's dependencies and its critical path are read with its ten thousand nodes, and in no time", async () => {
	const started = performance.now();
	expect((await listPlanDependencies(owner, planId, page)).items).toHaveLength(50);
	expect((await getCriticalPath(owner, planId)).nodes.length).toBeGreaterThan(90);
	expect(performance.now() - started).toBeLessThan(5_000);
});
