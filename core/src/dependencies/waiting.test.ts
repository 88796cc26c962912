import { eq, planNodes, plans, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deletePlan } from "../plans/delete-plan.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { buildProject } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { listNodeDependencies } from "./list-node-dependencies.ts";
import { buildPlan, eventsOf, waitingFor } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const firstPage = { limit: 50 };

describe("waiting", () => {
	test("ends when what blocks is completed or cancelled, and begins again when it is reopened", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b c", ["a>c", "b>c"]);
		expect(await waitingFor(owner, id("c"))).toEqual(["a", "b"]);
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		await setNodeStatus(owner, id("b"), { status: "cancelled" }, null);
		expect(await waitingFor(owner, id("c"))).toEqual([]);
		await setNodeStatus(owner, id("a"), { status: "in_progress" }, null);
		expect(await waitingFor(owner, id("c"))).toEqual(["a"]);
	});

	test("goes down the tree, and ends with the phase above, whose tasks are all finished", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "P(a Q(b)) R(c(d)) E", ["P>R", "E>R"]);
		expect(await waitingFor(owner, id("d"))).toEqual(["P (R)", "E (R)"]);
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await waitingFor(owner, id("d"))).toEqual(["P (R)", "E (R)"]);
		await setNodeStatus(owner, id("b"), { status: "completed" }, null);
		// A phase with nothing in it is finished by hand alone.
		expect(await waitingFor(owner, id("d"))).toEqual(["E (R)"]);
		await setNodeStatus(owner, id("E"), { status: "completed" }, null);
		expect(await waitingFor(owner, id("d"))).toEqual([]);
		expect((await eventsOf(owner, id("R"), id("d"))).filter(({ type }) => type === "node.unblocked")).toEqual([
			expect.objectContaining({ subjectId: id("R"), data: expect.objectContaining({ upstream_ids: [id("E")] }) }),
		]);
	});

	test("a phase is over with its subphases, whatever is left in one that was cancelled", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "P(a Q(b)) c", ["P>c"]);
		await setNodeStatus(owner, id("Q"), { status: "cancelled" }, null);
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await waitingFor(owner, id("c"))).toEqual([]);
	});

	test("is for nothing that is deleted, itself or with its plan", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b", ["a>b"]);
		const other = await buildPlan(database.db, owner, "x");
		await addDependency(owner, id("b"), { relation: "blocked_by", node_id: other.id("x") });
		await database.db.orm
			.update(planNodes)
			.set({ deletedAt: sql`now()` })
			.where(eq(planNodes.id, id("a")));
		expect(await waitingFor(owner, id("b"))).toEqual(["x"]);
		await database.db.orm.update(plans).set({ deletedAt: sql`now()` }).where(eq(plans.id, other.planId));
		expect(await waitingFor(owner, id("b"))).toEqual([]);
		expect((await listNodeDependencies(owner, id("b"), firstPage)).items).toEqual([]);
	});
});

test("deleting a plan unblocks what waited for it in another one", async () => {
	const owner = await buildProject(database.db);
	const { id, nodeOf } = await buildPlan(database.db, owner, "a");
	const other = await buildPlan(database.db, owner, "x");
	await addDependency(owner, id("a"), { relation: "blocked_by", node_id: other.id("x") });
	await setNodeStatus(owner, id("a"), { status: "blocked" }, null);
	await deletePlan(owner, other.planId, null);
	expect(await nodeOf("a")).toMatchObject({ status: "not_started" });
	expect((await eventsOf(owner, id("a"))).at(-1)).toMatchObject({ type: "node.unblocked", data: { upstream_ids: [other.id("x")] } });
});
