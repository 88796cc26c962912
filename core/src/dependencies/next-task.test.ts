import type { TaskFilter } from "@agentplanner/contracts";
import { eq, nodeAssignments, nodeClaims, planNodes, plans, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction, type ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { updateNode } from "../plans/update-node.ts";
import { buildAgent, buildMember, buildProject } from "../testing.ts";
import { findNextTask } from "./find-next-task.ts";
import { getNextTask } from "./get-next-task.ts";
import { buildPlan } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const nextOf = async (ctx: ProjectContext, planId: string | null, agentId?: string, filter: TaskFilter = {}) => {
	const { task, reasons } = await getNextTask(ctx, planId, { agent_id: agentId, ...filter });
	expect(reasons.length === 0).toBe(task !== null);
	return task?.title ?? reasons.map(({ reason, count }) => `${reason} ${count}`).join(", ");
};
const set = (owner: ProjectContext, nodeId: string, status: "completed" | "cancelled" | "blocked" | "in_progress" | "not_started") =>
	setNodeStatus(owner, nodeId, { status }, null);
const setPlan = (planId: string, values: Partial<typeof plans.$inferInsert>) =>
	database.db.orm.update(plans).set(values).where(eq(plans.id, planId));

/** A claim of that agent, whose lease ends in so many seconds; the node is in progress. */
const claim = async (owner: ProjectContext, node: { id: string; planId: string }, agentId: string, seconds: number) => {
	await set(owner, node.id, "in_progress");
	await database.db.orm.insert(nodeClaims).values({
		projectId: owner.projectId,
		planId: node.planId,
		nodeId: node.id,
		agentId,
		fence: 1,
		leaseSeconds: 60,
		leaseUntil: sql`now() + ${seconds} * interval '1 second'`,
		statusBefore: "not_started",
	});
};
const assign = (owner: ProjectContext, node: { id: string; planId: string }, agentId: string) =>
	database.db.orm
		.insert(nodeAssignments)
		.values({ projectId: owner.projectId, planId: node.planId, nodeId: node.id, agentId, assignedBy: "Ada" });

describe("the next task", () => {
	test("is the one furthest up that waits for nothing, the lowest open one of those that stand in each other", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "P(a(a1 a2) b) c", ["c>a1"]);
		const order: string[] = [];
		for (let next = await nextOf(owner, planId); !next.includes(" "); next = await nextOf(owner, planId)) {
			order.push(next);
			await set(owner, id(next), next === "b" ? "cancelled" : "completed");
		}
		expect(order).toEqual(["a2", "b", "c", "a1", "a"]);
		expect(await nextOf(owner, planId)).toBe("all_finished 5");
	});

	test("has the label and the mode that are asked for, in one plan and over all", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "a b c d");
		await updateNode(owner, id("b"), { labels: ["Docs", "ui"] }, null);
		await updateNode(owner, id("c"), { task_mode: "research" }, null);
		await updateNode(owner, id("d"), { labels: ["docs"], task_mode: "research" }, null);
		for (const plan of [planId, null]) {
			expect(await nextOf(owner, plan)).toBe("a");
			expect(await nextOf(owner, plan, undefined, { label: "docs" })).toBe("b");
			expect(await nextOf(owner, plan, undefined, { task_mode: "research" })).toBe("c");
			expect(await nextOf(owner, plan, undefined, { label: "DOCS", task_mode: "research" })).toBe("d");
		}
	});

	test("lies under nothing that is blocked, waiting or closed", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "P(a) Q(b) R(c) x d", ["x>Q"]);
		await set(owner, id("P"), "blocked");
		await set(owner, id("R"), "cancelled");
		await set(owner, id("x"), "in_progress");
		expect(await nextOf(owner, planId)).toBe("d");
		await set(owner, id("d"), "in_progress");
		expect(await nextOf(owner, planId)).toBe("under_closed 1, blocked 1, waiting 1, in_progress 2");
	});

	test("of the project comes from the oldest active plan that has any, and that one sees", async () => {
		const owner = await buildProject(database.db);
		const [one, two, three] = [
			await buildPlan(database.db, owner, "a"),
			await buildPlan(database.db, owner, "b"),
			await buildPlan(database.db, owner, "c"),
		];
		expect(await nextOf(owner, null)).toBe("a");
		await setPlan(one.planId, { status: "draft" });
		expect(await nextOf(owner, null)).toBe("b");
		await setPlan(two.planId, { visibility: "private" });
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		expect(await nextOf(viewer, null)).toBe("c");
		await expect(getNextTask(viewer, two.planId, {})).rejects.toThrow(NotFoundError);
		await set(owner, three.id("c"), "completed");
		expect(await nextOf(viewer, null)).toBe("plan_inactive 1, all_finished 1");
		expect((await getNextTask(owner, one.planId, {})).reasons[0]?.examples).toMatchObject([{ message: "“Launch” is a draft." }]);
	});

	test("is nobody else's: assigned to the asker or to nobody, and under no claim that lasts", async () => {
		const owner = await buildProject(database.db);
		const [ada, bob] = [await buildAgent(database.db, owner.projectId, "Ada"), await buildAgent(database.db, owner.projectId, "Bob")];
		const { nodeOf, planId } = await buildPlan(database.db, owner, "a b c");
		const [a, b, c] = [await nodeOf("a"), await nodeOf("b"), await nodeOf("c")];
		await claim(owner, a, bob.id, 60);
		await assign(owner, b, bob.id);
		expect(await nextOf(owner, planId, ada.id)).toBe("c");
		expect(await nextOf(owner, planId, bob.id)).toBe("b");
		expect(await nextOf(owner, planId)).toBe("c");
		await assign(owner, c, bob.id);
		expect(await nextOf(owner, planId, ada.id)).toBe("claimed 1, assigned 2");
		const { reasons } = await getNextTask(owner, planId, { agent_id: ada.id });
		expect(reasons[0]?.examples[0]?.message).toMatch(/^“a” is claimed by Bob until 20.+Z\.$/);
		expect(reasons[1]).toMatchObject({
			message: "2 tasks are assigned to others.",
			examples: [{ message: "“b” is assigned to Bob." }, {}],
		});
		// A claim that ran out is nobody's, also before its timer has set the node back.
		await database.db.orm.update(nodeClaims).set({ leaseUntil: sql`now() - interval '1 second'` });
		expect(await nextOf(owner, planId, ada.id)).toBe("a");
	});

	test("an agent's token asks for itself", async () => {
		const owner = await buildProject(database.db);
		const agent = await buildAgent(database.db, owner.projectId, "Ada");
		const { nodeOf, planId } = await buildPlan(database.db, owner, "a");
		await assign(owner, await nodeOf("a"), agent.id);
		expect(await nextOf(owner, planId)).toBe("assigned 1");
		const token = { type: "token" as const, tokenId: crypto.randomUUID(), projectId: owner.projectId, scopes: ["plans:read" as const] };
		expect(await nextOf({ ...owner, actor: { ...token, userId: null, agentId: agent.id, name: "Ada" } }, planId)).toBe("a");
	});

	test("inside a transaction it is locked, and the next one who looks gets another", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "a b");
		const sought = { planId, asker: { userId: null, agentId: null }, filter: {} };
		const find = (ctx: ProjectContext, then: (found: string | null) => Promise<unknown>) =>
			inTransaction(ctx, async (tx) => then(await findNextTask(tx, sought, { lock: true })));
		await find(owner, async (first) => {
			expect(first).toBe(id("a"));
			await find(owner, async (second) => {
				expect(second).toBe(id("b"));
				await find(owner, async (third) => expect(third).toBeNull());
			});
		});
	});
});

describe("without one it says why, by example:", () => {
	test("what waits, and for what", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "a b c d", ["a>b", "c>b", "b>d"]);
		await set(owner, id("a"), "in_progress");
		await set(owner, id("c"), "in_progress");
		const { reasons } = await getNextTask(owner, planId, {});
		expect(reasons).toMatchObject([
			{
				reason: "waiting",
				message: "2 tasks wait for others to be finished.",
				examples: [
					{ id: id("b"), title: "b", message: "“b” waits for “a” and 1 more." },
					{ id: id("d"), message: "“d” waits for “b”." },
				],
			},
			{ reason: "in_progress", message: "2 tasks are in progress." },
		]);
	});

	test("who or what blocks", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "a b x P(c)", ["x>b"]);
		for (const name of ["a", "b", "P"]) await set(owner, id(name), "blocked");
		await set(owner, id("x"), "in_progress");
		const { reasons } = await getNextTask(owner, planId, {});
		expect(reasons[0]).toMatchObject({ reason: "blocked", message: "3 tasks are blocked, or below something that is." });
		expect(reasons[0]?.examples.map(({ message }) => message).sort()).toEqual([
			"“a” is blocked: somebody set it so.",
			"“b” is blocked: it waits for others.",
			"“c” is below something that is blocked.",
		]);
	});

	test("that what there is has another label or mode", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "a b c", ["a>b"]);
		await updateNode(owner, id("b"), { labels: ["Docs"] }, null);
		expect(await nextOf(owner, planId, undefined, { label: "docs" })).toBe("filtered 2, waiting 1");
		const { reasons } = await getNextTask(owner, planId, { task_mode: "plan" });
		expect(reasons).toMatchObject([{ message: "3 tasks lack the label or the mode that you asked for." }]);
		expect(reasons[0]?.examples).toContainEqual(expect.objectContaining({ message: "“a” has another label or mode." }));
	});

	test("that there is nothing", async () => {
		const owner = await buildProject(database.db);
		const { planId } = await buildPlan(database.db, owner, "P");
		expect(await nextOf(owner, planId)).toBe("no_tasks 0");
		expect(await nextOf(await buildProject(database.db), null)).toBe("no_tasks 0");
	});

	test("and leaves out what was deleted", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "a b");
		await database.db.orm
			.update(planNodes)
			.set({ deletedAt: sql`now()` })
			.where(eq(planNodes.id, id("a")));
		expect(await nextOf(owner, planId)).toBe("b");
		await set(owner, id("b"), "completed");
		expect(await nextOf(owner, planId)).toBe("all_finished 1");
	});
});
