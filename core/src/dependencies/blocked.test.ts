import { CreateDecisionInput } from "@agentplanner/contracts";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { cancelDecision } from "../decisions/cancel-decision.ts";
import { createDecision } from "../decisions/create-decision.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { deleteNodes } from "../plans/delete-nodes.ts";
import { moveNode } from "../plans/move-node.ts";
import { restoreNode } from "../plans/restore-node.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { setNodeStatuses } from "../plans/set-node-statuses.ts";
import { undoPlanChange } from "../plans/undo-plan-change.ts";
import { updateNode } from "../plans/update-node.ts";
import { raceAgainst, untilBlocked } from "../projects/race.ts";
import { buildProject } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { lockDependencies } from "./lock-dependencies.ts";
import { buildPlan, eventsOf, waitingFor } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("whoever may not set a node's status is refused before any lock, so they make nobody wait", async () => {
	const owner = await buildProject(database.db);
	const { id } = await buildPlan(database.db, owner, "a");
	const stranger = { ...(await buildProject(database.db)), projectId: owner.projectId };
	await inTransaction(owner, async (tx) => {
		await lockDependencies(tx);
		for (const status of ["completed", "blocked"] as const)
			await expect(setNodeStatus(stranger, id("a"), { status }, null)).rejects.toThrow(NotFoundError);
	});
});

describe("a node in the status blocked", () => {
	const blockedWhileWaiting = async (untilUnblocked?: boolean) => {
		const owner = await buildProject(database.db);
		const plan = await buildPlan(database.db, owner, "a b c", ["a>c", "b>c"]);
		await setNodeStatus(owner, plan.id("c"), { status: "in_progress" }, null);
		const until = untilUnblocked === undefined ? {} : { until_unblocked: untilUnblocked };
		await setNodeStatus(owner, plan.id("c"), { status: "blocked", ...until }, null);
		return { owner, ...plan };
	};

	test("goes back to what it was once the last thing it waits for is finished", async () => {
		const { owner, id, nodeOf } = await blockedWhileWaiting();
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await nodeOf("c")).toMatchObject({ status: "blocked" });
		await setNodeStatus(owner, id("b"), { status: "cancelled" }, null);
		expect(await nodeOf("c")).toMatchObject({ status: "in_progress", blockedFrom: null, blockedBy: null });
		expect((await eventsOf(owner, id("c"))).at(-1)).toMatchObject({ type: "node.unblocked", data: { upstream_ids: [id("b")] } });
	});

	test("stays where a person blocked it for something else", async () => {
		const { owner, id, nodeOf } = await blockedWhileWaiting(false);
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		await setNodeStatus(owner, id("b"), { status: "completed" }, null);
		expect(await nodeOf("c")).toMatchObject({ status: "blocked" });
		expect((await eventsOf(owner, id("c"))).at(-1)).toMatchObject({ type: "node.unblocked" });
	});

	test("can't wait for what isn't there", async () => {
		const owner = await buildProject(database.db);
		const { id, nodeOf } = await buildPlan(database.db, owner, "a");
		const attempt = setNodeStatus(owner, id("a"), { status: "blocked", until_unblocked: true }, null);
		await expect(attempt).rejects.toMatchObject({ code: "unprocessable", fields: [{ field: "body.until_unblocked" }] });
		expect(await nodeOf("a")).toMatchObject({ status: "not_started" });
	});

	test("below a phase that waited goes back, too; and by a move to where nothing holds it", async () => {
		const owner = await buildProject(database.db);
		const { id, nodeOf } = await buildPlan(database.db, owner, "a P(b c)", ["a>P"]);
		for (const name of ["b", "c"]) await setNodeStatus(owner, id(name), { status: "blocked" }, null);
		expect(await moveNode(owner, id("c"), { parent_id: null, after_id: null }, null)).toMatchObject({ status: "not_started" });
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await nodeOf("b")).toMatchObject({ status: "not_started" });
	});

	test("goes back when what it waits for is finished by becoming a phase, or by what becomes one below it", async () => {
		const owner = await buildProject(database.db);
		const { id, nodeOf } = await buildPlan(database.db, owner, "P(a b) c d(e) f", ["P>c", "d>f"]);
		for (const name of ["a", "e"]) await setNodeStatus(owner, id(name), { status: "completed" }, null);
		for (const [kind, waiting] of [
			["b", "c"],
			["d", "f"],
		] as const) {
			await setNodeStatus(owner, id(waiting), { status: "blocked" }, null);
			await updateNode(owner, id(kind), { kind: "phase" }, null);
			expect(await waitingFor(owner, id(waiting))).toEqual([]);
			expect(await nodeOf(waiting)).toMatchObject({ status: "not_started" });
		}
	});

	test("goes back as soon as it is restored, where what it waited for has ended meanwhile", async () => {
		const { owner, id, planId, nodeOf } = await blockedWhileWaiting();
		const remove = () => deleteNodes(owner, planId, { nodes: [{ id: id("c") }] });
		await remove();
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		await restoreNode(owner, id("c"));
		expect(await nodeOf("c")).toMatchObject({ status: "blocked", blockedBy: "dependency" });
		const { change } = await remove();
		await setNodeStatus(owner, id("b"), { status: "completed" }, null);
		await undoPlanChange(owner, planId, change?.id ?? "");
		expect(await nodeOf("c")).toMatchObject({ status: "in_progress", blockedBy: null });
	});

	test("stays so for a blocking decision that is asked while what it waits for is finished", async () => {
		const { owner, id, nodeOf } = await blockedWhileWaiting();
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		const input = CreateDecisionInput.parse({ node_id: id("c"), question: "Go on?", urgency: "blocking" });
		await raceAgainst(
			database.db,
			(tx) => createDecision({ ...owner, db: tx }, input),
			() => setNodeStatus(owner, id("b"), { status: "completed" }, null),
		);
		expect(await nodeOf("c")).toMatchObject({ status: "blocked", blockedBy: "decision", blockedFrom: "in_progress" });
	});

	test("doesn't begin to wait for what is finished in the same moment", async () => {
		const owner = await buildProject(database.db);
		const { id, block, nodeOf } = await buildPlan(database.db, owner, "a b");
		const { outcome } = await database.db.orm.transaction(async (tx) => {
			await setNodeStatus({ ...owner, db: tx }, id("a"), { status: "completed" }, null);
			const outcome = block("a>b").then(() => setNodeStatus(owner, id("b"), { status: "blocked" }, null));
			await Promise.race([outcome, untilBlocked(database.db)]);
			return { outcome };
		});
		await outcome;
		expect(await waitingFor(owner, id("b"))).toEqual([]);
		expect(await nodeOf("b")).toMatchObject({ status: "blocked", blockedBy: "person" });
	});

	test("goes back when what it waits for was linked while somebody finished that", async () => {
		const owner = await buildProject(database.db);
		const { id, block, nodeOf } = await buildPlan(database.db, owner, "a b");
		await raceAgainst(
			database.db,
			async (tx) => {
				await addDependency({ ...owner, db: tx }, id("b"), { relation: "blocked_by", node_id: id("a") });
				await setNodeStatus({ ...owner, db: tx }, id("b"), { status: "blocked" }, null);
			},
			() => setNodeStatus(owner, id("a"), { status: "completed" }, null),
		);
		expect(await nodeOf("b")).toMatchObject({ status: "not_started", blockedBy: null });
		expect((await eventsOf(owner, id("b"))).at(-1)).toMatchObject({ type: "node.unblocked" });
		await expect(block("a>b")).rejects.toThrow(ConflictError);
	});

	test("one of many set at once is so until what it waits for is finished; the others until somebody changes them", async () => {
		const owner = await buildProject(database.db);
		const { id, planId, nodeOf } = await buildPlan(database.db, owner, "a b c d", ["a>b", "a>d"]);
		await setNodeStatus(owner, id("d"), { status: "completed" }, null);
		const { change } = await setNodeStatuses(owner, planId, {
			nodes: ["b", "c", "d"].map((name) => ({ id: id(name) })),
			status: "blocked",
		});
		expect(await nodeOf("b")).toMatchObject({ blockedBy: "dependency", blockedFrom: "not_started" });
		for (const name of ["c", "d"]) expect(await nodeOf(name)).toMatchObject({ blockedBy: "person", blockedFrom: null });
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await Promise.all(["b", "c", "d"].map(async (name) => (await nodeOf(name)).status))).toEqual([
			"not_started",
			"blocked",
			"blocked",
		]);
		await expect(undoPlanChange(owner, planId, change?.id ?? "")).rejects.toThrow("has another status by now");
	});

	test("is left alone where it is deleted in the moment in which what it waits for is finished", async () => {
		const { owner, id, planId, nodeOf } = await blockedWhileWaiting();
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		await raceAgainst(
			database.db,
			(tx) => deleteNodes({ ...owner, db: tx }, planId, { nodes: [{ id: id("c") }] }),
			() => setNodeStatus(owner, id("b"), { status: "completed" }, null),
		);
		expect(await nodeOf("c")).toMatchObject({ status: "blocked", deletedAt: expect.any(Date) });
		await restoreNode(owner, id("c"));
		expect(await nodeOf("c")).toMatchObject({ status: "in_progress" });
	});

	test("is unblocked by one of two who finish the last two things at once", async () => {
		const { owner, id, nodeOf } = await blockedWhileWaiting();
		await raceAgainst(
			database.db,
			(tx) => setNodeStatus({ ...owner, db: tx }, id("a"), { status: "completed" }, null),
			() => setNodeStatus(owner, id("b"), { status: "completed" }, null),
		);
		expect(await nodeOf("c")).toMatchObject({ status: "in_progress" });
	});
});

test("what still waits for a blocking decision when its dependencies are finished stays blocked by that", async () => {
	const owner = await buildProject(database.db);
	const { id, nodeOf } = await buildPlan(database.db, owner, "a b", ["a>b"]);
	await setNodeStatus(owner, id("b"), { status: "blocked" }, null);
	const input = CreateDecisionInput.parse({ node_id: id("b"), question: "Go on?", urgency: "blocking" });
	const decision = await createDecision(owner, input);
	await setNodeStatus(owner, id("a"), { status: "completed" }, null);
	expect(await nodeOf("b")).toMatchObject({ status: "blocked", blockedBy: "decision", blockedFrom: "not_started" });
	await cancelDecision(owner, decision.id);
	expect(await nodeOf("b")).toMatchObject({ status: "not_started", blockedBy: null });
});
