import { adapterById } from "@agentplanner/adapters";
import { defaultDeliveryPolicy } from "@agentplanner/contracts";
import { findViolations, listDeliveries, type ProjectContext, sendMessage } from "@agentplanner/core";
import { buildIntegration, buildProject } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { pause, startReceiver, startTestWorker, until } from "./harness.ts";

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
