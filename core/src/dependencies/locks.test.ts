import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimNode } from "../claims/claim-node.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { deleteNodes } from "../plans/delete-nodes.ts";
import { deletePlan } from "../plans/delete-plan.ts";
import { lockNodes } from "../plans/lock-nodes.ts";
import { lockPlan } from "../plans/parent.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { setNodeStatuses } from "../plans/set-node-statuses.ts";
import { undoPlanChange } from "../plans/undo-plan-change.ts";
import { updateNode } from "../plans/update-node.ts";
import { untilBlocked } from "../projects/race.ts";
import { buildProject } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { lockDependencies } from "./lock-dependencies.ts";
import { buildPlan, waitingFor } from "./testing.ts";
import { lockHeldUp } from "./watch-waiting.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("nobody waits in a circle with who", () => {
	/** What `rival` does while `attempt` waits for what `hold` has locked. */
	const race = async (owner: ProjectContext, hold: Step, attempt: () => Promise<unknown>, rival: Step) => {
		const { outcome } = await database.db.orm.transaction(async (tx) => {
			const inTx = { ...owner, db: tx };
			await hold(inTx);
			const outcome = attempt();
			outcome.catch(() => {});
			await untilBlocked(database.db);
			await rival(inTx);
			return { outcome };
		});
		await outcome;
	};
	type Step = (ctx: ProjectContext) => Promise<unknown>;
	const build = async () => {
		const owner = await buildProject(database.db);
		return { owner, ...(await buildPlan(database.db, owner, "a b c", ["a>b", "b>c"])) };
	};
	const holdDependencies: Step = (ctx) => inTransaction(ctx, lockDependencies);

	test("deletes what is just unblocked", async () => {
		const { owner, id, planId, nodeOf } = await build();
		await setNodeStatus(owner, id("b"), { status: "blocked" }, null);
		const complete: Step = (ctx) => setNodeStatus(ctx, id("a"), { status: "completed" }, null);
		await race(owner, holdDependencies, () => deleteNodes(owner, planId, { nodes: [{ id: id("b") }] }), complete);
		expect(await nodeOf("b")).toMatchObject({ status: "not_started", deletedAt: expect.any(Date) });
	});

	describe("of nodes of which one is just finished, and the other unblocked by that", () => {
		const buildBackwards = async () => {
			const owner = await buildProject(database.db);
			const plan = await buildPlan(database.db, owner, "b a", ["a>b"]);
			const nodes = [{ id: plan.id("b") }, { id: plan.id("a") }];
			const hold: Step = (ctx) =>
				inTransaction(ctx, async (tx) => {
					await lockHeldUp(tx, [plan.id("a")]);
					await lockNodes(tx, [plan.id("a")]);
				});
			const complete: Step = (ctx) => setNodeStatus(ctx, plan.id("a"), { status: "completed" }, null);
			return { owner, ...plan, nodes, hold, complete };
		};

		test("begins both", async () => {
			const { owner, planId, id, nodeOf, nodes, hold, complete } = await buildBackwards();
			await setNodeStatus(owner, id("b"), { status: "blocked" }, null);
			await race(owner, hold, () => setNodeStatuses(owner, planId, { nodes, status: "in_progress" }), complete);
			for (const name of ["a", "b"]) expect(await nodeOf(name)).toMatchObject({ status: "in_progress" });
		});

		test("takes back no change of both", async () => {
			const { owner, planId, nodeOf, nodes, hold, complete } = await buildBackwards();
			const { change } = await setNodeStatuses(owner, planId, { nodes, status: "blocked" });
			const undo = race(owner, hold, () => undoPlanChange(owner, planId, change?.id ?? ""), complete);
			await expect(undo).rejects.toThrow("has another status by now");
			expect([(await nodeOf("a")).status, (await nodeOf("b")).status]).toEqual(["completed", "not_started"]);
		});
	});

	test("blocks under a claim what is just edited", async () => {
		const { owner, id, nodeOf } = await build();
		const { fence } = await claimNode(owner, id("b"), { lease_seconds: 60 });
		const block = () => setNodeStatus(owner, id("b"), { status: "blocked" }, null, fence);
		await race(owner, holdDependencies, block, (ctx) => updateNode(ctx, id("b"), { title: "New" }, null));
		expect(await nodeOf("b")).toMatchObject({ status: "blocked", title: "New" });
	});

	test("undoes a change of what is just edited", async () => {
		const { owner, id, planId, nodeOf } = await build();
		await setNodeStatus(owner, id("b"), { status: "completed" }, null);
		const { change } = await setNodeStatuses(owner, planId, { nodes: [{ id: id("b") }], status: "not_started" });
		const undo = () => undoPlanChange(owner, planId, change?.id ?? "");
		await race(owner, holdDependencies, undo, (ctx) => updateNode(ctx, id("b"), { title: "New" }, null));
		expect(await nodeOf("b")).toMatchObject({ status: "completed", title: "New" });
	});

	test("deletes the plan in which something is just moved", async () => {
		const { owner, id, planId } = await build();
		const other = await buildPlan(database.db, owner, "x");
		await addDependency(owner, id("c"), { relation: "blocks", node_id: other.id("x") });
		const hold: Step = (ctx) => inTransaction(ctx, (tx) => lockPlan(tx, planId));
		await race(owner, hold, () => deletePlan(owner, planId, null), holdDependencies);
		expect(await waitingFor(owner, other.id("x"))).toEqual([]);
	});
});
