import {
	createRequest,
	enableIntegration,
	findViolations,
	getDelivery,
	getIntegration,
	getRequest,
	retryDelivery,
} from "@agentplanner/core";
import { buildNode } from "@agentplanner/core/testing";
import { expect, test } from "vitest";
import { freePort } from "../../scripts/start/ports.ts";
import { answer, ask, makeDue, pause, type Reply, startReceiver, untilDelivery, untilRequest, useWorker } from "./harness.ts";

const database = useWorker();

const ids = (hits: { headers: Record<string, unknown> }[]) => new Set(hits.map(({ headers }) => headers["webhook-id"]));

test("after a 500 it is tried again by itself 5 s later, within the jitter, under the same webhook-id", async () => {
	const receiver = await startReceiver((_, number): Reply => (number === 1 ? { status: 500 } : answer("Second try")));
	const asked = await ask(database().db, receiver.url);
	const waiting = await untilDelivery(asked, ({ status }) => status === "retrying");
	expect(waiting.reason).toMatchObject({ code: "unavailable", message: "The receiver answered 500." });
	expect(await findViolations(asked.ctx)).toEqual([]);
	const detail = await untilRequest(asked, "completed");
	expect(detail.deliveries[0]?.attempts).toMatchObject([{ outcome: "unavailable" }, { outcome: "delivered" }]);
	const [first, second] = receiver.hits;
	const gap = (second?.at ?? 0) - (first?.at ?? 0);
	expect(gap).toBeGreaterThan(3_950);
	expect(gap).toBeLessThan(7_000);
	expect(ids(receiver.hits).size).toBe(1);
	expect(first?.headers["webhook-signature"]).not.toBe(second?.headers["webhook-signature"]);
});

test("“retry now” brings a waiting attempt forward", async () => {
	const receiver = await startReceiver((_, number): Reply => (number === 1 ? { status: 503 } : answer("Now")));
	const asked = await ask(database().db, receiver.url);
	const { id } = await untilDelivery(asked, ({ status }) => status === "retrying");
	await retryDelivery(asked.ctx, id);
	expect((await untilRequest(asked, "completed", 2_000)).deliveries[0]?.attempt_count).toBe(2);
});

test("a 410 disables the integration and keeps the delivery; enabling it sends again", async () => {
	const receiver = await startReceiver((_, number): Reply => (number === 1 ? { status: 410 } : answer("Back")));
	const asked = await ask(database().db, receiver.url);
	const waiting = await untilDelivery(asked, ({ status }) => status === "retrying");
	expect(waiting).toMatchObject({ reason: { code: "integration_disabled" }, next_attempt_at: null });
	expect(await getIntegration(asked.ctx, asked.integration.id)).toMatchObject({
		enabled: false,
		disabled_reason: expect.stringContaining("410"),
	});
	expect(await findViolations(asked.ctx)).toEqual([]);
	await makeDue(database().db, waiting.id, "message.delivery.due");
	await pause(700);
	expect(receiver.hits).toHaveLength(1);
	await enableIntegration(asked.ctx, asked.integration.id);
	await untilRequest(asked, "completed");
	expect(ids(receiver.hits).size).toBe(1);
});

test("a 401 holds the integration; it is probed before the message is sent again, and healthy once that arrives", async () => {
	let accepts = false;
	const receiver = await startReceiver(({ body }): Reply => {
		if (!accepts) return { status: 401 };
		return body.type === "ping" ? { status: 204 } : answer("Let in");
	});
	const asked = await ask(database().db, receiver.url);
	const held = await untilDelivery(asked, ({ status }) => status === "retrying");
	expect(held.reason).toMatchObject({ code: "unauthorized", remedy: expect.stringContaining("secret") });
	expect(await getIntegration(asked.ctx, asked.integration.id)).toMatchObject({ enabled: true, health: "unauthorized" });

	const minuteLater = async () => {
		await database().db.pool.query("update messaging_integrations set held_until = now() where id = $1", [asked.integration.id]);
		await database().db.pool.query("update message_deliveries set next_attempt_at = now() where id = $1", [held.id]);
		await makeDue(database().db, held.id, "message.delivery.due");
	};
	await minuteLater();
	await untilDelivery(asked, ({ status, attempt_count }) => status === "retrying" && attempt_count === 2);
	expect(receiver.hits.map(({ body }) => body.type)).toEqual(["agent.request.created", "ping"]);

	accepts = true;
	await minuteLater();
	await untilRequest(asked, "completed");
	expect(receiver.hits.map(({ body }) => body.type)).toEqual(["agent.request.created", "ping", "ping", "agent.request.created"]);
	expect(await getIntegration(asked.ctx, asked.integration.id)).toMatchObject({ health: "healthy" });
});

test("after a 401 a probe that fails for another reason doesn't keep the message back", async () => {
	for (const ping of [{ status: 400 }, { status: 500 }, "cut", "hang"] satisfies Reply[]) {
		const receiver = await startReceiver(({ body }, number): Reply => {
			if (body.type === "ping") return ping;
			return number === 1 ? { status: 403 } : answer("No pings here");
		});
		const asked = await ask(database().db, receiver.url);
		const { id } = await untilDelivery(asked, ({ status }) => status === "retrying");
		await database().db.pool.query("update messaging_integrations set held_until = now() where id = $1", [asked.integration.id]);
		await retryDelivery(asked.ctx, id);
		await untilRequest(asked, "completed");
		expect(receiver.hits.map(({ body }) => body.type)).toEqual(["agent.request.created", "ping", "agent.request.created"]);
		expect(await getIntegration(asked.ctx, asked.integration.id)).toMatchObject({ health: "healthy" });
	}
}, 40_000);

test("a 429 is obeyed to the second of its Retry-After, by the integration's other messages too", async () => {
	const receiver = await startReceiver(
		(_, number): Reply => (number === 1 ? { status: 429, headers: { "retry-after": "3" } } : answer("Slowly")),
	);
	const asked = await ask(database().db, receiver.url);
	const waiting = await untilDelivery(asked, ({ status }) => status === "retrying");
	expect(waiting.reason).toMatchObject({ code: "rate_limited" });
	const { id } = await createRequest(asked.ctx, {
		node_id: (await buildNode(database().db, asked.ctx.projectId)).id,
		question: "And then?",
		targets: [{ integration_id: asked.integration.id, address: "" }],
		answer_policy: { kind: "first" },
	});
	const other = await untilDelivery({ ctx: asked.ctx, id }, ({ reason }) => reason !== null);
	expect(other).toMatchObject({ status: "queued", attempt_count: 0, reason: { code: "integration_held" } });
	await untilRequest(asked, "completed");
	await untilRequest({ ctx: asked.ctx, id }, "completed");
	const [first, ...later] = receiver.hits.map(({ at }) => at);
	expect(later).toHaveLength(2);
	for (const at of later) {
		expect(at - (first ?? 0)).toBeGreaterThanOrEqual(2_990);
		expect(at - (first ?? 0)).toBeLessThan(4_500);
	}
});

test("a redirect is never followed: the delivery is dead, says where it led, and can be replayed", async () => {
	let moved = true;
	const target = await startReceiver(() => ({ status: 200 }));
	const receiver = await startReceiver((): Reply => (moved ? { status: 302, headers: { location: target.url } } : answer("Replayed")));
	const asked = await ask(database().db, receiver.url);
	const detail = await untilRequest(asked, "failed");
	expect(detail.request.reason).toMatchObject({ code: "undeliverable" });
	expect(detail.deliveries).toMatchObject([{ status: "dead", reason: { code: "rejected", message: expect.stringContaining(target.url) } }]);
	expect(target.hits).toEqual([]);
	moved = false;
	await retryDelivery(asked.ctx, detail.deliveries[0]?.id ?? "");
	await untilRequest(asked, "completed");
	expect(ids(receiver.hits).size).toBe(1);
});

test("a receiver that hangs is left after 15 s at most, as unknown, and the request is sent again under the same webhook-id", async () => {
	const receiver = await startReceiver((_, number): Reply => (number === 1 ? "hang" : answer("Awake")));
	const asked = await ask(database().db, receiver.url);
	const unknown = await untilDelivery(asked, ({ status }) => status === "unknown", 17_500);
	expect(unknown.attempt_count).toBe(1);
	expect(unknown.attempts[0]?.duration_ms).toBeLessThan(15_800);
	await retryDelivery(asked.ctx, unknown.id);
	await untilRequest(asked, "completed");
	expect(receiver.hits).toHaveLength(2);
	expect(ids(receiver.hits).size).toBe(1);
}, 30_000);

test("a connection cut after the body was received leaves the delivery unknown; it is sent again under the same webhook-id", async () => {
	const receiver = await startReceiver((_, number): Reply => (number === 1 ? "cut" : answer("Whole")));
	const asked = await ask(database().db, receiver.url);
	const unknown = await untilDelivery(asked, ({ status }) => status === "unknown");
	expect(unknown.attempts).toMatchObject([{ outcome: "unknown", detail: expect.stringContaining("Not answered") }]);
	expect(await findViolations(asked.ctx)).toEqual([]);
	await retryDelivery(asked.ctx, unknown.id);
	expect((await untilRequest(asked, "completed")).deliveries[0]?.attempts).toMatchObject([
		{ outcome: "unknown" },
		{ outcome: "delivered" },
	]);
	expect(ids(receiver.hits).size).toBe(1);
});

test("a receiver that isn't there is tried again, and gets the message once it is", async () => {
	const port = await freePort();
	const asked = await ask(database().db, `http://127.0.0.1:${port}/hook`);
	const waiting = await untilDelivery(asked, ({ status }) => status === "retrying");
	expect(waiting.attempts).toMatchObject([{ outcome: "unavailable", remedy: expect.stringContaining("running") }]);
	const receiver = await startReceiver(() => answer("Started"), port);
	await retryDelivery(asked.ctx, waiting.id);
	await untilRequest(asked, "completed");
	expect(receiver.hits).toHaveLength(1);
});

test("a delivery whose every attempt failed is dead with the last reason, and its request fails", async () => {
	const receiver = await startReceiver(() => ({ status: 500 }));
	const asked = await ask(database().db, receiver.url);
	const { id } = await untilDelivery(asked, ({ status }) => status === "retrying");
	await database().db.pool.query("update message_deliveries set schedule_step = 11 where id = $1", [id]);
	await retryDelivery(asked.ctx, id);
	await untilRequest(asked, "failed");
	expect(await getDelivery(asked.ctx, id)).toMatchObject({ status: "dead", reason: { code: "exhausted" }, attempt_count: 2 });
	expect((await getRequest(asked.ctx, asked.id)).request.reason?.message).toContain("answered 500");
	expect(await findViolations(asked.ctx)).toEqual([]);
});
