import { eq, planNodes, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";
import { deletePlan } from "../plans/delete-plan.ts";
import { restorePlan } from "../plans/restore-plan.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { buildMember, buildProject } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { getCriticalPath } from "./get-critical-path.ts";
import { getImpact } from "./get-impact.ts";
import { listDownstream } from "./list-downstream.ts";
import { listUpstream } from "./list-upstream.ts";
import { buildPlan } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const firstPage = { limit: 50 };
const titles = (nodes: { title: string }[]) => nodes.map(({ title }) => title);
const due = (nodeId: string, day: string) =>
	database.db.orm
		.update(planNodes)
		.set({ dueAt: new Date(day) })
		.where(eq(planNodes.id, nodeId));

/** a and b block the phase P(p1 p2); p2 blocks c in another plan. */
const buildTwoPlans = async () => {
	const owner = await buildProject(database.db);
	const one = await buildPlan(database.db, owner, "a b P(p1 p2)", ["a>P", "b>P"]);
	const other = await buildPlan(database.db, owner, "c d", ["c>d"]);
	await addDependency(owner, one.id("p2"), { relation: "blocks", node_id: other.id("c") });
	return { owner, one, other };
};

describe("upstream and downstream", () => {
	test("name all on the way, the nearest first, over plans and phases", async () => {
		const { owner, one, other } = await buildTwoPlans();
		const downstream = await listDownstream(owner, one.id("a"), firstPage);
		expect(downstream.items.map(({ title, distance }) => `${title}${distance}`)).toEqual(["P1", "p11", "p21", "c2", "d3"]);
		expect(downstream).toMatchObject({ total: 5, hidden_count: 0, truncated: false, next_cursor: null });
		const upstream = await listUpstream(owner, other.id("d"), firstPage);
		expect(upstream.items.map(({ title, distance }) => `${title}${distance}`)).toEqual(["c1", "p22", "a3", "b3"]);
	});

	test("come in pages; a cursor that leads nowhere is refused", async () => {
		const { owner, one } = await buildTwoPlans();
		const first = await listDownstream(owner, one.id("a"), { limit: 2 });
		const second = await listDownstream(owner, one.id("a"), { limit: 2, cursor: first.next_cursor ?? "" });
		const third = await listDownstream(owner, one.id("a"), { limit: 2, cursor: second.next_cursor ?? "" });
		expect([first, second, third].map(({ items }) => titles(items))).toEqual([["P", "p1"], ["p2", "c"], ["d"]]);
		expect(third.next_cursor).toBeNull();
		await expect(listDownstream(owner, one.id("a"), { limit: 2, cursor: one.id("b") })).rejects.toThrow(UnprocessableError);
	});

	test("count what is hidden without naming it", async () => {
		const { owner, one, other } = await buildTwoPlans();
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, other.planId));
		expect(await listDownstream(viewer, one.id("p2"), firstPage)).toMatchObject({ items: [], total: 0, hidden_count: 2 });
		await expect(listUpstream(viewer, other.id("d"), firstPage)).rejects.toThrow(NotFoundError);
	});
});

test("a plan in the bin is neither on the way nor counted as hidden", async () => {
	const { owner, one, other } = await buildTwoPlans();
	expect(await getImpact(owner, one.id("a"), undefined)).toMatchObject({ delays: { count: 5 }, hidden_count: 0 });
	await deletePlan(owner, other.planId, null);
	expect(await getImpact(owner, one.id("a"), undefined)).toMatchObject({ delays: { count: 3 }, hidden_count: 0 });
	expect(await listDownstream(owner, one.id("p2"), firstPage)).toMatchObject({ items: [], total: 0, hidden_count: 0 });
	await restorePlan(owner, other.planId);
	expect(await listDownstream(owner, one.id("p2"), firstPage)).toMatchObject({ total: 2, hidden_count: 0 });
});

describe("impact", () => {
	const impactOf = async (owner: ProjectContext, nodeId: string, finishAt?: string) => {
		const { unblocks, delays, at_risk, ...rest } = await getImpact(owner, nodeId, finishAt);
		for (const { count, items } of [unblocks, delays, at_risk]) expect(count).toBe(items.length);
		return { unblocks: titles(unblocks.items), delays: titles(delays.items), atRisk: titles(at_risk.items), ...rest };
	};

	test("tells what could begin, what waits, and which due dates are at risk", async () => {
		const { owner, one, other } = await buildTwoPlans();
		expect(await impactOf(owner, one.id("a"))).toMatchObject({ unblocks: [], delays: ["P", "p1", "p2", "c", "d"], atRisk: [] });
		await setNodeStatus(owner, one.id("b"), { status: "completed" }, null);
		await due(one.id("a"), "2100-03-01");
		await due(one.id("p2"), "2100-02-01");
		await due(other.id("c"), "2100-01-01");
		await due(other.id("d"), "2100-04-01");
		expect(await impactOf(owner, one.id("a"))).toMatchObject({
			finish_at: "2100-03-01T00:00:00.000Z",
			unblocks: ["P", "p1", "p2"],
			atRisk: ["c", "p2"],
		});
		expect((await impactOf(owner, one.id("a"), "2100-05-01T00:00:00Z")).atRisk).toEqual(["c", "p2", "d"]);
	});

	test("of a phase's last open task is what waits for the phase; of what is finished there is none", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "P(a b) c", ["P>c"]);
		expect(await impactOf(owner, id("a"))).toMatchObject({ unblocks: [], delays: ["c"] });
		await setNodeStatus(owner, id("b"), { status: "cancelled" }, null);
		expect(await impactOf(owner, id("a"))).toMatchObject({ unblocks: ["c"], delays: ["c"] });
		expect(await impactOf(owner, id("b"))).toMatchObject({ unblocks: [], delays: [] });
	});

	test("a due date that has passed counts as now", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b", ["a>b"]);
		await due(id("a"), "2001-01-01");
		await due(id("b"), "2002-01-01");
		const before = Date.now();
		const impact = await impactOf(owner, id("a"));
		expect(Date.parse(impact.finish_at)).toBeGreaterThanOrEqual(before);
		expect(impact.atRisk).toEqual(["b"]);
	});
});

describe("critical path", () => {
	const pathOf = async (owner: ProjectContext, planId: string) => titles((await getCriticalPath(owner, planId)).nodes);

	test("is the longest chain of what is unfinished, and moves as work is done", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "P(a b) Q(c d e) x y", ["P>Q", "c>d", "x>y"]);
		expect(await pathOf(owner, planId)).toEqual(["a", "c", "d"]);
		await setNodeStatus(owner, id("P"), { status: "completed" }, null);
		await setNodeStatus(owner, id("c"), { status: "completed" }, null);
		expect(await pathOf(owner, planId)).toEqual(["x", "y"]);
		await setNodeStatus(owner, id("x"), { status: "cancelled" }, null);
		expect(await pathOf(owner, planId)).toEqual([]);
	});

	test("needs the plan to be there", async () => {
		await expect(getCriticalPath(await buildProject(database.db), crypto.randomUUID())).rejects.toThrow(NotFoundError);
	});
});
