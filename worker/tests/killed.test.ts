import { cancelRequest, findViolations, getRequest } from "@agentplanner/core";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { answer, ask, pause, type Reply, startReceiver, startTestWorker, until, untilDelivery, untilRequest } from "./harness.ts";
import { launchWorker } from "./worker-process.ts";

// Processes take seconds to start where much else runs.
const slow = 60_000;

let database: TestDatabase;

// Dropped after what the test itself let go of.
beforeEach(async ({ onTestFinished }) => {
	database = await createTestDatabase();
	const { drop } = database;
	onTestFinished(drop);
});

const survivor = async () => {
	const worker = await startTestWorker(database.url);
	onTestFinished(() => worker.stop());
	return worker;
};

test(
	"what a worker was sending when it was killed is taken over within 5 s, under the same webhook-id",
	async () => {
		const receiver = await startReceiver((_, number): Reply => (number === 1 ? "hang" : answer("Survived")));
		const doomed = await launchWorker(database.url);
		const asked = await ask(database.db, receiver.url);
		await until(() => receiver.hits.length === 1);
		await survivor();
		doomed.kill("SIGKILL");
		const killedAt = Date.now();
		await until(() => receiver.hits.length === 2);
		expect((receiver.hits[1]?.at ?? 0) - killedAt).toBeLessThan(5_000);
		const detail = await untilRequest(asked, "completed");
		expect(receiver.hits[1]?.headers["webhook-id"]).toBe(receiver.hits[0]?.headers["webhook-id"]);
		expect(detail.deliveries[0]?.attempts).toMatchObject([
			{ number: 1, outcome: "lost" },
			{ number: 2, outcome: "delivered" },
		]);
		expect(detail.deliveries[0]?.attempts[0]?.worker).not.toBe(detail.deliveries[0]?.attempts[1]?.worker);
		expect(await findViolations(asked.ctx)).toEqual([]);
	},
	slow,
);

test(
	"a worker that was frozen while it sent changes nothing when it wakes up",
	async () => {
		const { promise: late, resolve: answerLate } = Promise.withResolvers<Reply>();
		const receiver = await startReceiver((_, number) => (number === 1 ? late : answer("From the second")));
		const frozen = await launchWorker(database.url);
		const asked = await ask(database.db, receiver.url);
		await until(() => receiver.hits.length === 1);
		frozen.kill("SIGSTOP");
		const worker = await survivor();
		await untilRequest(asked, "completed");
		answerLate(answer("From the first"));
		await pause(100);
		frozen.kill("SIGCONT");
		await pause(1_500);
		const detail = await getRequest(asked.ctx, asked.id);
		expect(detail.responses).toMatchObject([{ text: "From the second", outcome: "accepted" }]);
		expect(detail.deliveries[0]).toMatchObject({
			status: "acknowledged",
			attempt_count: 2,
			attempts: [{ outcome: "lost" }, { outcome: "delivered", worker: worker.id }],
		});
		expect(receiver.hits).toHaveLength(2);
		frozen.kill("SIGTERM");
		expect(await frozen.exited).toEqual({ code: 0, signal: null });
	},
	slow,
);

test(
	"a worker that is told to stop under load ends what runs, exits with 0 although it is told twice, and nothing is sent twice",
	async () => {
		const receiver = await startReceiver(async () => {
			await pause(1_000);
			return answer("Done");
		});
		const stopping = await launchWorker(database.url);
		const asked = await Promise.all(Array.from({ length: 12 }, () => ask(database.db, receiver.url)));
		await until(() => receiver.hits.length >= 5);
		stopping.kill("SIGTERM");
		await pause(50);
		stopping.kill("SIGTERM");
		expect(await stopping.exited).toEqual({ code: 0, signal: null });
		const before = await Promise.all(asked.map(({ ctx, id }) => getRequest(ctx, id)));
		expect(before.flatMap(({ deliveries }) => deliveries.map(({ status }) => status))).not.toContain("sending");
		expect(before.filter(({ deliveries }) => deliveries[0]?.status === "acknowledged")).toHaveLength(receiver.hits.length);
		await survivor();
		for (const one of asked) await untilRequest(one, "completed");
		expect(receiver.hits).toHaveLength(asked.length);
	},
	slow,
);

test(
	"a worker killed while it tells an agent of the end leaves that to the next one",
	async () => {
		const receiver = await startReceiver(({ body }, number): Reply => {
			if (body.type === "agent.request.created") return { status: 202 };
			return number === 2 ? "hang" : { status: 204 };
		});
		const doomed = await launchWorker(database.url);
		const asked = await ask(database.db, receiver.url);
		const { id } = await untilDelivery(asked, ({ status }) => status === "delivered");
		await cancelRequest(asked.ctx, asked.id);
		await until(() => receiver.hits.length === 2);
		await survivor();
		doomed.kill("SIGKILL");
		await until(() => receiver.hits.length === 3, 5_000);
		expect(receiver.hits[2]?.headers["webhook-id"]).toBe(receiver.hits[1]?.headers["webhook-id"]);
		const timers = async () => (await database.db.pool.query("select 1 from timers where subject_id = $1", [id])).rowCount;
		await until(async () => (await timers()) === 0);
	},
	slow,
);

test(
	"of a burst of 100 requests nothing is lost when the worker is killed, and no more is doubled than was in flight",
	async () => {
		const receiver = await startReceiver(async () => {
			await pause(40);
			return answer("Once");
		});
		const doomed = await launchWorker(database.url, { WORKER_CONCURRENCY: "10" });
		const asked = await Promise.all(Array.from({ length: 100 }, () => ask(database.db, receiver.url)));
		await until(() => receiver.hits.length >= 30);
		doomed.kill("SIGKILL");
		await doomed.exited;
		const atKill = receiver.hits.length;
		expect(atKill).toBeLessThan(100);
		await survivor();
		const open = async () =>
			(await database.db.pool.query("select 1 from agent_requests where status in ('queued', 'dispatched', 'working')")).rowCount;
		// What the dead worker's relay was just handing on comes again after its own lease.
		await until(async () => (await open()) === 0, 45_000);
		for (const { ctx, id } of asked) {
			const detail = await getRequest(ctx, id);
			expect(detail.request.status).toBe("completed");
			expect(detail.responses).toMatchObject([{ text: "Once", outcome: "accepted" }]);
			expect(detail.deliveries).toMatchObject([{ status: "acknowledged" }]);
		}
		expect(new Set(receiver.hits.map(({ headers }) => headers["webhook-id"])).size).toBe(100);
		expect(receiver.hits.length - 100).toBeLessThanOrEqual(10);
		expect(await findViolations((await ask(database.db, receiver.url)).ctx)).toEqual([]);
	},
	slow,
);
