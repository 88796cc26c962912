import { randomUUID } from "node:crypto";
import { eq, idempotencyKeys, inboundEvents, outbox, sql, timers, workerRuns } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask, askAndDispatch, attempt, buildScene, say } from "../requests/testing.ts";
import { buildContext } from "../testing.ts";
import { deleteExpired } from "./delete-expired.ts";
import { findViolations } from "./find-violations.ts";
import { readReadiness } from "./read-readiness.ts";
import { beatWorkerRun, endWorkerRun, startWorkerRun } from "./worker-runs.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("findViolations", () => {
	test("finds whatever waits without a timer, and nothing else", async () => {
		const scene = await buildScene(database.db);
		await askAndDispatch(await buildScene(database.db));
		const queued = await ask(scene);
		const { id, deliveryIds } = await askAndDispatch(scene);
		const second = await askAndDispatch(scene);
		await attempt(scene, second.deliveryIds[0]);
		const response = await say(scene, second.deliveryIds[0], "answer");
		expect(await findViolations(scene.system)).toEqual([]);
		await database.db.orm.delete(timers).where(eq(timers.projectId, scene.projectId));
		const found = (await findViolations(scene.system)).map(({ rule, subject }) => `${rule} ${subject}`);
		expect(found.toSorted()).toEqual(
			[
				`open request without a timer ${queued.id}`,
				`open request without a timer ${id}`,
				`open request without a timer ${second.id}`,
				`queued request without a timer ${queued.id}`,
				`open delivery without a timer ${deliveryIds[0]}`,
				`unapplied response without a timer ${response}`,
			].toSorted(),
		);
		await database.db.orm.execute(
			sql`update agent_requests set status = 'cancelled', closed_at = now() where project_id = ${scene.projectId}`,
		);
		await database.db.orm.execute(sql`update message_deliveries set status = 'cancelled' where project_id = ${scene.projectId}`);
		await database.db.orm.execute(sql`update agent_responses set applied_at = now() where project_id = ${scene.projectId}`);
		expect(await findViolations(scene.system)).toEqual([]);
	});

	test("finds a timer that nobody raises for more than a minute", async () => {
		const scene = await buildScene(database.db);
		const { id } = await ask(scene);
		const setDue = (interval: string) =>
			database.db.orm.execute(
				sql`update timers set due_at = now() - ${interval}::interval where subject_id = ${id} and type = 'agent.request.dispatch.due'`,
			);
		await setDue("50 seconds");
		expect(await findViolations(scene.system)).toEqual([]);
		await setDue("61 seconds");
		expect(await findViolations(scene.system)).toEqual([{ rule: "overdue timer", subject: `agent.request.dispatch.due of ${id}` }]);
	});
});

test("findViolations finds a timer that was raised again and again for nothing, but not one that only tells of an end", async () => {
	const scene = await buildScene(database.db);
	const { id } = await ask(scene);
	const failing = async () =>
		(await findViolations(scene.system)).filter(({ subject, rule }) => subject.endsWith(id) && rule.startsWith("timer"));
	const set = (fired: number, type: "agent.request.dispatch.due" | "message.delivery.settle.due") =>
		database.db.orm
			.update(timers)
			.set({ fired, type })
			.where(sql`subject_id = ${id} and type in ('agent.request.dispatch.due', 'message.delivery.settle.due')`);
	await set(5, "agent.request.dispatch.due");
	expect(await failing()).toEqual([]);
	await set(6, "agent.request.dispatch.due");
	expect(await failing()).toEqual([{ rule: "timer whose work fails every time", subject: `agent.request.dispatch.due of ${id}` }]);
	await database.db.orm.execute(sql`update agent_requests set status = 'dispatched' where id = ${id}`);
	await set(6, "message.delivery.settle.due");
	expect(await failing()).toEqual([]);
});

describe("readReadiness", () => {
	const ctx = () => buildContext(database.db);
	beforeEach(async () => {
		await database.db.orm.delete(workerRuns);
		await database.db.orm.delete(outbox);
	});
	const problems = async () => (await readReadiness(ctx())).reasons.map(({ problem }) => problem);

	test("is ready with a worker that lives and an engine that works", async () => {
		const id = await startWorkerRun(ctx(), { engine: "postgres", host: "here" });
		await beatWorkerRun(ctx(), id, { engine: { ok: true } });
		expect(await readReadiness(ctx())).toMatchObject({
			status: "ready",
			engine: "postgres",
			outbox_depth: 0,
			outbox_lag_ms: 0,
			reasons: [],
		});
	});

	test("is degraded without a worker, with a silent one, and with one that has stopped", async () => {
		expect(await problems()).toEqual(["No worker has run yet."]);
		const id = await startWorkerRun(ctx(), { engine: "postgres", host: "here" });
		expect(await problems()).toEqual([]);
		await database.db.orm.update(workerRuns).set({ lastSeenAt: sql`now() - interval '6 seconds'` });
		expect(await problems()).toEqual([expect.stringContaining("No worker has been seen since")]);
		await beatWorkerRun(ctx(), id, {});
		expect(await problems()).toEqual([]);
		await endWorkerRun(ctx(), id);
		expect((await readReadiness(ctx())).status).toBe("degraded");
	});

	test("tells what the worker says of its engine, and of events that wait too long or were refused", async () => {
		const id = await startWorkerRun(ctx(), { engine: "hatchet", host: "here" });
		await beatWorkerRun(ctx(), id, { engine: { ok: false, detail: "No connection.", remedy: "Start it." } });
		await database.db.orm.insert(outbox).values([
			{ eventId: randomUUID(), type: "agent.request.created", createdAt: new Date(Date.now() - 20_000) },
			{ eventId: randomUUID(), type: "agent.request.created", parkedAt: new Date(), createdAt: new Date(0) },
		]);
		const readiness = await readReadiness(ctx());
		expect(readiness).toMatchObject({ status: "degraded", engine: "hatchet", outbox_depth: 1 });
		expect(Math.abs((readiness.outbox_lag_ms ?? 0) - 20_000)).toBeLessThan(3_000);
		expect(readiness.reasons).toMatchObject([
			{ problem: "No connection.", remedy: "Start it." },
			{ problem: expect.stringMatching(/waited (19|2\d) s/) },
			{ problem: expect.stringContaining("1 events were refused") },
		]);
	});
});

test("deleteExpired deletes what is past its time, and nothing younger", async () => {
	const scene = await buildScene(database.db);
	const row = (name: string, interval: string) => ({
		scope: "test",
		key: name,
		requestHash: Buffer.alloc(32),
		createdAt: sql`now() - ${interval}::interval`,
	});
	await database.db.orm.insert(idempotencyKeys).values([row("old", "31 days"), row("young", "29 days")] as never);
	const inbound = (externalId: string, interval: string) => ({
		projectId: scene.projectId,
		integrationId: scene.integration.id,
		externalId,
		type: "answer",
		data: { text: "Yes", ear: { token: "secret" } },
		receivedAt: sql`now() - ${interval}::interval`,
	});
	await database.db.orm
		.insert(inboundEvents)
		.values([inbound("old", "91 days"), inbound("young", "89 days"), inbound("new", "59 minutes")] as never);
	await database.db.orm.delete(workerRuns);
	for (const interval of ["8 days", "6 days"]) {
		const id = await startWorkerRun(scene.system, { engine: "postgres", host: interval });
		await database.db.orm
			.update(workerRuns)
			.set({ lastSeenAt: sql`now() - ${interval}::interval` })
			.where(eq(workerRuns.id, id));
	}
	expect(await deleteExpired(scene.system)).toMatchObject({ idempotency_keys: 1, inbound_events: 1, ears: 1, worker_runs: 1 });
	expect(await database.db.orm.select().from(idempotencyKeys)).toMatchObject([{ key: "young" }]);
	expect(await database.db.orm.select().from(inboundEvents).orderBy(inboundEvents.externalId)).toMatchObject([
		{ externalId: "new", data: { text: "Yes", ear: { token: "secret" } } },
		{ externalId: "young", data: { text: "Yes" } },
	]);
	expect(await database.db.orm.select().from(workerRuns)).toMatchObject([{ host: "6 days" }]);
	expect(new Set(Object.values(await deleteExpired(scene.system)))).toEqual(new Set([0]));
});
