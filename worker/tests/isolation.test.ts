import { adapterById } from "@agentplanner/adapters";
import { defaultDeliveryPolicy } from "@agentplanner/contracts";
import { findViolations, getIntegration, listDeliveries, type ProjectContext, sendMessage } from "@agentplanner/core";
import { buildIntegration, buildProject } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { makeDue, pause, startReceiver, startTestWorker, until } from "./harness.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const startWorker = async (slots: number) => {
	const worker = await startTestWorker(database.url, { WORKER_CONCURRENCY: String(slots) });
	let running = true;
	const stop = async () => {
		if (running) await worker.stop();
		running = false;
	};
	onTestFinished(stop);
	return { stop };
};

/** A receiver that answers after that many milliseconds, and knows how many it had at once. */
const startSlowReceiver = async (ms: number) => {
	const load = { now: 0, most: 0 };
	const receiver = await startReceiver(async () => {
		load.now += 1;
		load.most = Math.max(load.most, load.now);
		await pause(ms);
		load.now -= 1;
		return { status: 200 };
	});
	return { ...receiver, load };
};

const connect = (ctx: ProjectContext, url: string, policy: Partial<typeof defaultDeliveryPolicy> = {}) =>
	buildIntegration(database.db, ctx.projectId, url, { deliveryPolicy: { ...defaultDeliveryPolicy, ...policy } });

const send = (ctx: ProjectContext, integration: { id: string }, count: number) =>
	Promise.all(
		Array.from({ length: count }, (_, index) =>
			sendMessage(ctx, { to: { integration_id: integration.id, address: "" }, text: `Number ${index}` }, adapterById),
		),
	);

const deliveriesOf = async (ctx: ProjectContext) => (await listDeliveries(ctx, { limit: 200 })).items;

test("a burst at one integration: never more at once than its policy allows, each sent once, no attempt spent on waiting", async () => {
	await startWorker(20);
	const ctx = await buildProject(database.db);
	const receiver = await startSlowReceiver(40);
	await send(ctx, await connect(ctx, receiver.url, { max_in_flight: 3 }), 100);
	await until(() => receiver.hits.length === 100, 20_000);
	await until(async () => (await deliveriesOf(ctx)).every(({ status }) => status === "delivered"));
	expect(receiver.load.most).toBe(3);
	expect(new Set(receiver.hits.map(({ headers }) => headers["webhook-id"])).size).toBe(100);
	expect((await deliveriesOf(ctx)).filter((delivery) => delivery.attempt_count !== 1 || delivery.waits_since !== null)).toEqual([]);
	expect(await findViolations(ctx)).toEqual([]);
});

test("receivers that hang take half of the slots, and what waits for them says so; another project is served as ever", async () => {
	await startWorker(6);
	const bad = await buildProject(database.db, "Hangs");
	const hanging = await startReceiver(() => "hang");
	for (let each = 0; each < 20; each += 1) await send(bad, await connect(bad, hanging.url), 2);
	await until(() => hanging.hits.length === 3);
	const good = await buildProject(database.db, "Works");
	const receiver = await startSlowReceiver(1);
	const began = Date.now();
	await send(good, await connect(good, receiver.url), 30);
	await until(() => receiver.hits.length === 30, 4_000);
	expect(Date.now() - began).toBeLessThan(4_000);
	expect(hanging.hits).toHaveLength(3);
	const waiting = await until(async () => {
		const found = (await deliveriesOf(bad)).filter(({ status }) => status === "queued");
		return found.length === 37 && found.every(({ reason }) => reason?.code === "throttled") && found;
	});
	for (const delivery of waiting) expect(delivery).toMatchObject({ attempt_count: 0, waits_since: expect.any(String) });
	expect(await findViolations(bad)).toEqual([]);
});

test("what waits its turn goes on in the next worker", async () => {
	const first = await startWorker(4);
	const ctx = await buildProject(database.db);
	const receiver = await startSlowReceiver(300);
	const integration = await connect(ctx, receiver.url, { max_in_flight: 1 });
	await send(ctx, integration, 10);
	await until(async () => (await deliveriesOf(ctx)).filter(({ waits_since }) => waits_since !== null).length >= 7);
	await first.stop();
	await startWorker(4);
	await send(ctx, integration, 1);
	await until(() => receiver.hits.length === 11, 15_000);
	expect(receiver.load.most).toBe(1);
});

test("a receiver that asks for patience: what waits for it is left alone until then, and all goes out afterwards", async () => {
	await startWorker(20);
	const ctx = await buildProject(database.db);
	const receiver = await startReceiver((_, number) => (number === 1 ? { status: 429, headers: { "retry-after": "2" } } : { status: 200 }));
	await send(ctx, await connect(ctx, receiver.url, { max_in_flight: 1 }), 60);
	await until(async () => (await deliveriesOf(ctx)).every(({ status }) => status === "delivered"), 20_000);
	const [refused = 0, next = 0] = receiver.hits.map(({ at }) => at);
	expect(next - refused).toBeGreaterThan(1_900);
	expect(receiver.hits).toHaveLength(61);
	const { rows } = await database.db.pool.query<{ held: number }>(
		"select count(*)::int as held from events where project_id = $1 and type = 'message.delivery.held' and data ->> 'reason' = 'integration_held'",
		[ctx.projectId],
	);
	// Those that had been let in before it was known.
	expect(rows[0]?.held).toBeLessThan(10);
});

test("a rate limit: the receiver is sent that many in a second and no more, and none is lost", async () => {
	await startWorker(20);
	const ctx = await buildProject(database.db);
	const receiver = await startSlowReceiver(1);
	const perSecond = 10;
	await send(ctx, await connect(ctx, receiver.url, { per_second: perSecond }), 40);
	await until(() => receiver.hits.length === 40, 15_000);
	const [first = 0, last = 0] = [receiver.hits[0]?.at, receiver.hits.at(-1)?.at];
	expect((39 * 1_000) / (last - first)).toBeLessThan(1.1 * perSecond);
	expect(new Set(receiver.hits.map(({ headers }) => headers["webhook-id"])).size).toBe(40);
	await until(async () => (await deliveriesOf(ctx)).every(({ status, attempt_count }) => status === "delivered" && attempt_count === 1));
});

test("a receiver that is down: its breaker opens, one message at a time tries it, and all goes out once it is back", async () => {
	await startWorker(20);
	const ctx = await buildProject(database.db);
	let up = false;
	const receiver = await startReceiver(() => ({ status: up ? 200 : 503 }));
	const integration = await connect(ctx, receiver.url, { max_in_flight: 2 });
	await send(ctx, integration, 60);
	const breaker = async () => (await getIntegration(ctx, integration.id)).breaker;
	await until(async () => (await breaker()).state === "open");
	await until(async () => (await deliveriesOf(ctx)).every(({ status }) => status !== "sending"));
	const tried = receiver.hits.length;
	expect(tried).toBeLessThan(15);
	const probe = async () => {
		await database.db.pool.query("update messaging_integrations set breaker_probe_at = now() where id = $1", [integration.id]);
		await makeDue(database.db, integration.id, "integration.breaker.due");
	};
	await probe();
	await until(() => receiver.hits.length === tried + 1);
	await until(async () => (await breaker()).state === "open");
	await pause(500);
	expect(receiver.hits).toHaveLength(tried + 1);
	up = true;
	await probe();
	await until(async () => (await deliveriesOf(ctx)).every(({ status }) => status === "delivered"), 20_000);
	expect(await breaker()).toMatchObject({ state: "closed", failures: 0 });
	expect(await findViolations(ctx)).toEqual([]);
}, 40_000);
