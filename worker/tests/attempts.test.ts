import { randomBytes } from "node:crypto";
import { adapterById, adapters } from "@agentplanner/adapters";
import { type Adapter, AdapterError, type Connection } from "@agentplanner/contracts";
import {
	claimDelivery,
	createKeys,
	dispatchRequest,
	enableIntegration,
	findViolations,
	getRequest,
	openDatabase,
} from "@agentplanner/core";
import { buildContext, testEncryptionKey } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../scripts/start/ports.ts";
import { openWire } from "../../scripts/testing/breakable-wire.ts";
import { attemptDelivery } from "../src/attempt-delivery.ts";
import { createConnections, type OpenConnection } from "../src/connections.ts";
import { createGate } from "../src/gate.ts";
import type { House } from "../src/house.ts";
import { createLeaseKeeper } from "../src/lease-keeper.ts";
import { deliverMessage } from "../src/workflows/deliver-message.ts";
import { answer, ask, pause, type Reply, silent, startReceiver, startTestWorker, until, untilDelivery, untilRequest } from "./harness.ts";
import { launchWorker } from "./worker-process.ts";

let database: TestDatabase;

// Dropped after what the test itself let go of.
beforeEach(async ({ onTestFinished }) => {
	database = await createTestDatabase();
	const { drop } = database;
	onTestFinished(drop);
});

/** A request whose delivery waits to be sent, and a house whose integrations are opened by this adapter. */
const atHand = async (connection: Partial<Connection>, url = "http://127.0.0.1:9/") => {
	const asked = await ask(database.db, url);
	const ctx = { ...buildContext(database.db), keys: createKeys(testEncryptionKey), projectId: asked.ctx.projectId };
	await dispatchRequest(ctx, asked.id);
	const id = (await getRequest(asked.ctx, asked.id)).deliveries[0]?.id ?? "";
	const leases = createLeaseKeeper(ctx, "by hand", silent);
	onTestFinished(() => leases.stop());
	const adapter: Adapter = { ...(adapterById("webhook") as Adapter), id: "defective" };
	const whole: Connection = {
		compose: ({ reply }) => JSON.stringify(reply),
		send: () => Promise.reject(new Error("unused")),
		check: async () => [],
		close: async () => {},
		...connection,
	};
	const open = async (): Promise<OpenConnection> => ({ adapter, connection: whole });
	const connections = { open, adapterOf: () => adapter, close: async () => {} };
	const gate = createGate({ slots: 20, log: silent });
	const house: House = {
		context: ctx,
		connections,
		leases,
		gate,
		workerId: "by hand",
		publicUrl: "https://planner.example.org",
		log: silent,
	};
	const run = (ms = 20_000) => {
		const input = { wakeId: "by hand", projectId: ctx.projectId, subjectId: id, data: {} };
		const context = { attempt: 1, wakeId: "by hand", metadata: {}, log: silent, spawn: async () => {} };
		return deliverMessage(house).steps[0]?.run(input, { ...context, signal: AbortSignal.timeout(ms) }, {});
	};
	return { ctx, asked, id, house, run, connections, delivery: async () => (await getRequest(asked.ctx, asked.id)).deliveries[0] };
};

test("an adapter that fails in a way of its own costs one attempt, which may have been accepted", async () => {
	const { run, delivery, asked } = await atHand({
		send: () => Promise.reject(new TypeError("Cannot read properties of undefined")),
		close: () => Promise.reject(new Error("nor can it be closed")),
	});
	await run();
	expect(await delivery()).toMatchObject({
		status: "unknown",
		attempts: [{ outcome: "unknown", detail: expect.stringContaining("AgentPlanner itself failed") }],
	});
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("every attempt sends what the first one composed, also the one that looked before, and a replay", async () => {
	let composed = 0;
	const sent: string[] = [];
	const { run, delivery, id } = await atHand({
		compose: ({ reply }) => JSON.stringify({ composed: ++composed, token: reply?.token }),
		send: async (_message, payload) => {
			sent.push(payload);
			if (sent.length === 3) return { receipt: { platformId: null }, inbound: [] };
			const unclear = { remedy: "Wait.", mayHaveBeenAccepted: sent.length === 1 };
			throw new AdapterError(sent.length === 1 ? "unavailable" : "rejected", "Not now.", unclear);
		},
		find: async () => ({ state: "absent" }),
	});
	const now = () => database.db.pool.query("update message_deliveries set next_attempt_at = null, status = 'unknown' where id = $1", [id]);
	for (const status of ["unknown", "dead", "delivered"]) {
		await run();
		expect(await delivery()).toMatchObject({ status, payload_bytes: sent[0]?.length });
		if (status !== "delivered") await now();
	}
	expect(JSON.parse(sent[0] ?? "")).toEqual({ composed: 1, token: expect.stringMatching(/^rt_/) });
	expect(sent).toEqual([sent[0], sent[0], sent[0]]);
	expect(composed).toBe(1);
});

test("an adapter that doesn't hear that its time is over is left behind, and its delivery let go", async () => {
	const { run, delivery, asked } = await atHand({ send: () => new Promise(() => {}) });
	const start = Date.now();
	await run(500);
	expect(Date.now() - start).toBeLessThan(3_000);
	expect(await delivery()).toMatchObject({ status: "unknown", attempts: [{ detail: expect.stringContaining("told to stop") }] });
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("an adapter that never opens is left behind as well; what it opens in the end is closed, and nothing was sent", async () => {
	let closed = 0;
	const { run, delivery, asked, connections } = await atHand({
		close: async () => {
			closed += 1;
		},
	});
	const { open } = connections;
	const { promise: waited, resolve: openNow } = Promise.withResolvers<void>();
	connections.open = () => waited.then(open);
	const start = Date.now();
	await run(500);
	expect(Date.now() - start).toBeLessThan(3_000);
	expect(await delivery()).toMatchObject({
		status: "retrying",
		attempts: [{ outcome: "unavailable", detail: expect.stringContaining("too long to open") }],
	});
	expect(await findViolations(asked.ctx)).toEqual([]);
	expect(closed).toBe(0);
	openNow();
	await until(() => closed === 1);
});

/** Has the next writes of an attempt's end fail like that. */
const failWrites = async (sqlState: string, times: number) => {
	await database.db.pool.query(`
		create sequence failed_writes;
		create function fail_write() returns trigger language plpgsql as $$ begin
			if nextval('failed_writes') <= ${times} then raise exception 'not now' using errcode = '${sqlState}'; end if;
			return new;
		end $$;
		create trigger fail_write before update on delivery_attempts for each row when (new.finished_at is not null) execute function fail_write()`);
};

for (const [what, sqlState, times] of [
	["a deadlock", "40P01", 6],
	["a serialization failure", "40001", 2],
	["a full disk", "53100", 6],
	["an error that nobody expects", "XX000", 3],
] as const)
	test(`${what} while the outcome is written costs nothing: the message has arrived, and that is written next`, async () => {
		const { run, delivery } = await atHand({ send: async () => ({ receipt: { platformId: "1" }, inbound: [] }) });
		await failWrites(sqlState, times);
		await run();
		expect(await delivery()).toMatchObject({ status: "delivered", attempt_count: 1, attempts: [{ outcome: "delivered" }] });
	});

test("an outcome that can't be written for a reason nobody expects counts as a failed attempt in the end", async () => {
	const { run, delivery } = await atHand({ send: async () => ({ receipt: { platformId: "1" }, inbound: [] }) });
	await failWrites("XX000", 5);
	await run();
	expect(await delivery()).toMatchObject({ status: "unknown", attempts: [{ detail: expect.stringContaining("writing down") }] });
});

test("an outcome that the database refuses counts as a failed attempt, so that the message isn't sent again every few seconds", async () => {
	let sent = 0;
	const { run, delivery } = await atHand({
		send: async () => {
			sent += 1;
			return { receipt: { platformId: "NUL: \0" }, inbound: [] };
		},
	});
	await run();
	await run();
	expect(sent).toBe(1);
	expect(await delivery()).toMatchObject({
		status: "unknown",
		attempts: [{ outcome: "unknown", detail: expect.stringContaining("writing down") }],
	});
});

test("a claim that this worker makes anew ends its first attempt, whose end doesn't take the second one's lease away", async () => {
	const { ctx, id, house, asked } = await atHand({});
	expect(await claimDelivery(ctx, id, "by hand")).toMatchObject({ fence: 1 });
	const first = house.leases.hold(id);
	const expire = () =>
		database.db.pool.query("update message_deliveries set lease_until = now() - interval '1 second' where id = $1", [id]);
	await until(async () => {
		await expire();
		return claimDelivery(ctx, id, "by hand");
	});
	const second = house.leases.hold(id);
	expect(first.taken.aborted).toBe(true);
	first.letGo();
	await pause(5_000);
	expect(second.taken.aborted).toBe(false);
	const { rows } = await database.db.pool.query("select lease_until > now() as held from message_deliveries where id = $1", [id]);
	expect(rows).toEqual([{ held: true }]);
	await expire();
	await until(async () => {
		await expire();
		return claimDelivery(ctx, id, "another");
	});
	await until(() => second.taken.aborted, 3_000);
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("a database that is away while a message is sent is no trouble of the message: the claim brought all that was needed", async () => {
	const receiver = await startReceiver(() => answer("Here"));
	const { ctx, id, house } = await atHand({}, receiver.url);
	const claim = await claimDelivery(ctx, id, "by hand");
	if (!claim) throw new Error("Not claimed");
	const away = openDatabase({ url: `postgres://nobody@127.0.0.1:${await freePort()}/none`, name: "away", onError: () => {} });
	onTestFinished(() => away.close());
	const connections = createConnections(silent, adapters);
	const attempt = attemptDelivery({ ...house, connections }, { ...ctx, db: away.orm }, claim, AbortSignal.timeout(5_000));
	expect(await attempt).toMatchObject({ kind: "delivered", inbound: [{ type: "answer", text: "Here" }] });
});

test("an answer that comes while the database is away for 2 s is kept, and the agent asked once", async () => {
	const wire = await openWire(database.url);
	onTestFinished(() => wire.close());
	await launchWorker(wire.url);
	const { promise: thinking, resolve: answerNow } = Promise.withResolvers<Reply>();
	const receiver = await startReceiver(() => thinking);
	const asked = await ask(database.db, receiver.url);
	await until(() => receiver.hits.length === 1);
	wire.cut();
	answerNow(answer("While you were out"));
	await pause(2_000);
	wire.mend();
	const detail = await untilRequest(asked, "completed");
	expect(detail.responses).toMatchObject([{ text: "While you were out", outcome: "accepted" }]);
	expect(detail.deliveries[0]).toMatchObject({ status: "acknowledged", attempt_count: 1 });
	expect(receiver.hits).toHaveLength(1);
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("a worker with another ENCRYPTION_KEY holds the integration and loses nothing; one with the right key sends", async () => {
	const stranger = await startTestWorker(database.url, { ENCRYPTION_KEY: randomBytes(32).toString("base64") });
	const receiver = await startReceiver(({ body }) => (body.type === "ping" ? { status: 204 } : answer("Unlocked")));
	const asked = await ask(database.db, receiver.url);
	const held = await untilDelivery(asked, ({ status }) => status === "retrying");
	expect(held.reason).toMatchObject({ code: "unauthorized", remedy: expect.stringContaining("ENCRYPTION_KEY") });
	expect(receiver.hits).toEqual([]);
	expect(await findViolations(asked.ctx)).toEqual([]);
	await stranger.stop();
	const worker = await startTestWorker(database.url);
	onTestFinished(() => worker.stop());
	await enableIntegration(asked.ctx, asked.integration.id);
	await untilRequest(asked, "completed");
});

test("settings that this build can't read hold the integration and say which", async () => {
	const worker = await startTestWorker(database.url);
	onTestFinished(() => worker.stop());
	const unreadable = await ask(database.db, "http://127.0.0.1:9/", { integration: { settings: { link: "http://127.0.0.1:9/" } } });
	const held = await untilDelivery(unreadable, ({ status }) => status === "retrying");
	expect(held.reason?.message).toMatch(/^This integration can't be opened: url: /);
	const unknown = await ask(database.db, "http://127.0.0.1:9/", { integration: { adapter: "carrier-pigeon" } });
	const waiting = await untilDelivery(unknown, ({ status }) => status === "retrying");
	expect(waiting.reason?.message).toContain("no adapter named carrier-pigeon");
});
