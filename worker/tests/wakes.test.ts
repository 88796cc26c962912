import { randomUUID } from "node:crypto";
import { adapters } from "@agentplanner/adapters";
import { cancelRequest, createKeys, dispatchRequest, findViolations, getRequest } from "@agentplanner/core";
import { buildContext, buildProject, testEncryptionKey } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import type { RunContext, Workflow } from "@agentplanner/engine";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createConnections } from "../src/connections.ts";
import { createGate } from "../src/gate.ts";
import { createLeaseKeeper } from "../src/lease-keeper.ts";
import { createWorkflows } from "../src/workflows/index.ts";
import {
	answer,
	answerLater,
	ask,
	makeDue,
	type Reply,
	silent,
	startReceiver,
	startTestWorker,
	until,
	untilDelivery,
	untilRequest,
} from "./harness.ts";

let database: TestDatabase;

beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

/** The workflows by name, without an engine: each is woken by hand. */
const workflowsByHand = () => {
	const context = { ...buildContext(database.db), keys: createKeys(testEncryptionKey) };
	const connections = createConnections(silent, adapters);
	const leases = createLeaseKeeper(context, "by hand", silent);
	onTestFinished(async () => {
		await leases.stop();
		await connections.close();
	});
	const workflows = createWorkflows({
		context,
		connections,
		leases,
		gate: createGate({ slots: 20, log: silent }),
		workerId: "by hand",
		publicUrl: "https://planner.example.org",
		log: silent,
	});
	const spawned: string[] = [];
	const run: RunContext = {
		signal: new AbortController().signal,
		attempt: 1,
		wakeId: randomUUID(),
		metadata: {},
		log: silent,
		spawn: async (_, inputs) => void spawned.push(...inputs.map(({ subjectId }) => subjectId)),
	};
	const wake = async (workflow: Workflow, subjectId: string, projectId: string | null) => {
		const results: Record<string, unknown> = {};
		for (const step of workflow.steps)
			results[step.name] = await step.run({ wakeId: run.wakeId, projectId, subjectId, data: {} }, run, { ...results });
	};
	return {
		workflows,
		spawned,
		wake: (name: string, subjectId: string, projectId: string | null) => {
			const found = workflows.find((workflow) => workflow.name === name);
			if (!found) throw new Error(`There is no workflow ${name}`);
			return wake(found, subjectId, projectId);
		},
	};
};

const everything = async () => {
	const tables = ["agent_requests", "message_deliveries", "delivery_attempts", "agent_responses", "timers", "events"];
	return Promise.all(tables.map(async (table) => (await database.db.pool.query(`select * from ${table} order by id`)).rows));
};

test("a wake for a row that is gone, or of another project, does nothing and is no failure", async () => {
	const { workflows, wake, spawned } = workflowsByHand();
	const receiver = await startReceiver(() => answer("Never"));
	const asked = await ask(database.db, receiver.url);
	const other = await buildProject(database.db);
	await dispatchRequest({ ...buildContext(database.db), projectId: asked.ctx.projectId }, asked.id);
	const [delivery] = (await getRequest(asked.ctx, asked.id)).deliveries;
	const before = await everything();
	for (const { name, on } of workflows) {
		if (on.length === 0) continue;
		await wake(name, randomUUID(), asked.ctx.projectId);
		await wake(name, asked.id, other.projectId);
		await wake(name, delivery?.id ?? "", other.projectId);
	}
	expect(await everything()).toEqual(before);
	expect(spawned).toEqual([]);
	expect(receiver.hits).toEqual([]);
	await expect(wake("deliver-message", asked.id, null)).rejects.toMatchObject({ name: "NonRetryableError" });
	await cancelRequest(asked.ctx, asked.id);
});

test("doubled, early and late wakes of one delivery send it once", async () => {
	const { wake } = workflowsByHand();
	const receiver = await startReceiver((_, number): Reply => (number === 1 ? { status: 500 } : { status: 202 }));
	const asked = await ask(database.db, receiver.url);
	await wake("dispatch-request", asked.id, asked.ctx.projectId);
	await wake("dispatch-request", asked.id, asked.ctx.projectId);
	const { deliveries } = await getRequest(asked.ctx, asked.id);
	const id = deliveries[0]?.id ?? "";
	expect(deliveries).toHaveLength(1);
	const wakes = (count: number) => Promise.all(Array.from({ length: count }, () => wake("deliver-message", id, asked.ctx.projectId)));
	await wakes(10);
	expect(receiver.hits).toHaveLength(1);
	// Early: the next attempt is 5 s away.
	await wakes(3);
	expect(receiver.hits).toHaveLength(1);
	await database.db.pool.query("update message_deliveries set next_attempt_at = now() where id = $1", [id]);
	await wakes(10);
	expect(receiver.hits).toHaveLength(2);
	// Late: it has arrived.
	await wakes(3);
	expect(receiver.hits).toHaveLength(2);
	expect((await getRequest(asked.ctx, asked.id)).deliveries).toMatchObject([{ status: "delivered", attempt_count: 2 }]);
	await cancelRequest(asked.ctx, asked.id);
});

test("wakes that were lost come again by their timers: a worker that ended between the steps of a dispatch, before an answer was applied, or before a deadline", async () => {
	const receiver = await startReceiver(() => ({ status: 202 }));
	const { db } = database;
	const forgetWakes = () => db.pool.query("delete from outbox");
	const [unsent, untold, overdue] = await Promise.all([
		ask(db, receiver.url),
		ask(db, receiver.url),
		ask(db, receiver.url, { deadline: new Date(Date.now() + 1_000) }),
	]);
	// The first step of the dispatch has ended, the second one never began.
	await dispatchRequest({ ...buildContext(db), projectId: unsent.ctx.projectId }, unsent.id);
	await forgetWakes();
	const worker = await startTestWorker(database.url);
	onTestFinished(() => worker.stop());
	expect(await findViolations(unsent.ctx)).toEqual([]);

	const [delivery] = (await getRequest(unsent.ctx, unsent.id)).deliveries;
	await makeDue(db, delivery?.id ?? "", "message.delivery.due");
	await makeDue(db, untold.id, "agent.request.dispatch.due");
	await untilDelivery(unsent, ({ status }) => status === "delivered");
	await untilDelivery(untold, ({ status }) => status === "delivered");
	await untilRequest(overdue, "expired");
	expect(receiver.hits).toHaveLength(2);

	await worker.stop();
	const hit = receiver.hits.find(({ body }) => body.data.agent_request_id === untold.id);
	const { response } = await answerLater(db, hit, { type: "answer", text: "Heard in the end" });
	await forgetWakes();
	const next = await startTestWorker(database.url);
	onTestFinished(() => next.stop());
	await makeDue(db, response?.id ?? "", "agent.response.record.due");
	expect((await untilRequest(untold, "completed")).responses).toMatchObject([{ outcome: "accepted" }]);
	await until(async () => (await findViolations(untold.ctx)).length === 0);
});
