import { asc, deliveryAttempts, eq, messageDeliveries, messagingIntegrations, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { disableIntegration } from "../integrations/disable-integration.ts";
import { enableIntegration } from "../integrations/enable-integration.ts";
import { raceAgainst } from "../projects/race.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { replyToAgent } from "../requests/reply-to-agent.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	delivered,
	eventsOf,
	failed,
	loseLease,
	readDelivery,
	readRequest,
	type Scene,
	say,
	sayAndRecord,
	skipWait,
	timersOf,
} from "../requests/testing.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { recordOutcome } from "./record-outcome.ts";
import { retryDelivery } from "./retry-delivery.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildQueued = async (overrides?: Parameters<typeof buildScene>[2]) => {
	const scene = await buildScene(database.db, 1, overrides);
	const { id: requestId, deliveryIds } = await askAndDispatch(scene);
	return { scene, requestId, id: deliveryIds[0] };
};
const attemptsOf = (id: string) =>
	database.db.orm.select().from(deliveryAttempts).where(eq(deliveryAttempts.deliveryId, id)).orderBy(asc(deliveryAttempts.number));
const updateIntegration = ({ integration }: Scene, values: Partial<typeof messagingIntegrations.$inferInsert>) =>
	database.db.orm.update(messagingIntegrations).set(values).where(eq(messagingIntegrations.id, integration.id));

describe("a delivery that is due", () => {
	test("is taken with a lease, a timer at the lease's end, and an open attempt", async () => {
		const { scene, requestId, id } = await buildQueued();
		expect(await claimDelivery(scene.system, id, "worker-1")).toMatchObject({
			deliveryId: id,
			fence: 1,
			attempt: 1,
			integration: {
				id: scene.integration.id,
				adapter: "webhook",
				settings: { url: "http://127.0.0.1:9/" },
				allowedNetworks: ["127.0.0.0/8"],
			},
			agentRequestId: requestId,
			address: "",
			content: { kind: "request" },
			uncertainSince: null,
			probe: false,
		});
		const row = await readDelivery(scene, id);
		expect(row).toMatchObject({ status: "sending", worker: "worker-1", fence: 1, attemptCount: 1 });
		const alarms = await timersOf(scene, id);
		expect(alarms).toMatchObject([{ type: "message.delivery.due" }]);
		expect(Math.abs((alarms[0]?.dueMs ?? 0) - 4_000)).toBeLessThan(2_000);
		expect(await attemptsOf(id)).toMatchObject([{ number: 1, worker: "worker-1", outcome: null, finishedAt: null }]);
	});

	test("has its whole lease also where the claim waited for the timer's row", async () => {
		const { scene, id } = await buildQueued();
		const { taking } = await database.db.orm.transaction(async (tx) => {
			await tx.select().from(timers).where(eq(timers.subjectId, id)).for("update");
			const taking = claimDelivery(scene.system, id, "worker-1");
			taking.catch(() => {});
			await new Promise((resolve) => setTimeout(resolve, 1_500));
			return { taking };
		});
		expect(await taking).not.toBeNull();
		const { leaseUntil } = await readDelivery(scene, id);
		const [timer] = await database.db.orm.select().from(timers).where(eq(timers.subjectId, id));
		expect(leaseUntil?.getTime()).toBeGreaterThan(Date.now() + 3_000);
		expect(timer?.dueAt).toEqual(leaseUntil);
	});

	test("of twenty claims at once exactly one gets it", async () => {
		const { scene, id } = await buildQueued();
		const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => claimDelivery(scene.system, id, `worker-${index}`)));
		const won = claims.filter((one) => one !== null);
		expect(won).toHaveLength(1);
		expect(await attemptsOf(id)).toHaveLength(1);
		expect((await readDelivery(scene, id)).worker).toBe(`worker-${claims.findIndex((one) => one !== null)}`);
	});

	test("of twenty claims of a lost lease exactly one gets it", async () => {
		const { scene, id } = await buildQueued();
		await claim(scene, id);
		await loseLease(scene, id);
		const claims = await Promise.all(Array.from({ length: 20 }, () => claimDelivery(scene.system, id, "worker-2")));
		expect(claims.filter((one) => one !== null)).toMatchObject([{ fence: 2, attempt: 2 }]);
		expect(await attemptsOf(id)).toMatchObject([{ outcome: "lost" }, { outcome: null }]);
	});

	test("retry and claim at once: the person's retry is obeyed or refused, and it is sent once", async () => {
		for (let round = 0; round < 8; round += 1) {
			const { scene, id } = await buildQueued();
			const retry = () => retryDelivery(scene.owner, id).catch((error: Error) => error.message);
			const take = () => claimDelivery(scene.system, id, "worker-1");
			const [retried, taken] = round % 2 ? await Promise.all([retry(), take()]) : (await Promise.all([take(), retry()])).toReversed();
			expect(taken).toMatchObject({ attempt: 1 });
			if (typeof retried === "string") expect(retried).toContain("being sent right now");
			expect(await readDelivery(scene, id)).toMatchObject({ status: "sending", fence: 1 });
			expect(await timersOf(scene, id)).toHaveLength(1);
		}
	});
});

describe("nothing is to be done", () => {
	test("for a delivery of another project, or one that isn't there", async () => {
		const { scene, id } = await buildQueued();
		expect(await claimDelivery((await buildScene(database.db)).system, id, "worker-1")).toBeNull();
		expect(await claimDelivery(scene.system, scene.integration.id, "worker-1")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({ status: "queued", fence: 0 });
	});

	test("before its time, and while somebody's lease runs", async () => {
		const { scene, id } = await buildQueued();
		await attempt(scene, id, failed("unavailable"));
		expect((await readDelivery(scene, id)).status).toBe("retrying");
		expect(await claimDelivery(scene.system, id, "worker-1")).toBeNull();
		await skipWait(scene, id);
		await claim(scene, id);
		expect(await claimDelivery(scene.system, id, "worker-2")).toBeNull();
	});

	test("for what has arrived, died or was closed", async () => {
		const { scene, id } = await buildQueued();
		await claim(scene, id);
		for (const status of ["delivered", "acknowledged", "dead", "cancelled", "superseded"] as const) {
			await database.db.orm
				.update(messageDeliveries)
				.set({ status, worker: null, leaseUntil: null, nextAttemptAt: null })
				.where(eq(messageDeliveries.id, id));
			expect(await claimDelivery(scene.system, id, "worker-1"), status).toBeNull();
		}
		expect(await attemptsOf(id)).toHaveLength(1);
	});
});

test("a reply knows the message it belongs to, where that went to the same place", async () => {
	const { scene, requestId, id } = await buildQueued();
	const receipt = { platformId: "C1:1", data: { channel: "C1", ts: "1" } };
	const first = await claim(scene, id);
	expect(first.thread).toBeNull();
	await recordOutcome(scene.system, first, delivered({ receipt }));
	await sayAndRecord(scene, id, "input_required", "Which press?");
	const { delivery_id: replyId } = await replyToAgent(scene.owner, requestId, { text: "The local one" });
	await database.db.orm.update(messageDeliveries).set({ address: "C2" }).where(eq(messageDeliveries.id, replyId));
	const elsewhere = await claim(scene, replyId);
	expect(elsewhere.thread).toBeNull();
	await recordOutcome(scene.system, elsewhere, failed("unavailable"));
	await skipWait(scene, replyId);
	await database.db.orm.update(messageDeliveries).set({ address: "" }).where(eq(messageDeliveries.id, replyId));
	expect((await claim(scene, replyId)).thread).toEqual(receipt);
});

describe("a lease that ran out", () => {
	test("ends its attempt as lost; the next one knows that it may have arrived, and since when", async () => {
		const { scene, id } = await buildQueued();
		await claim(scene, id, "worker-1");
		await loseLease(scene, id);
		const second = await claim(scene, id, "worker-2");
		expect(second).toMatchObject({ fence: 2, attempt: 2 });
		expect(second.uncertainSince).toEqual((await attemptsOf(id))[0]?.startedAt);
		expect(await attemptsOf(id)).toMatchObject([
			{ number: 1, outcome: "lost", finishedAt: expect.any(Date), detail: expect.stringContaining("stopped without a word") },
			{ number: 2, worker: "worker-2", outcome: null },
		]);
	});

	test("is taken over at once twice; a message that ends every worker then waits longer and longer, as unknown", async () => {
		const { scene, id } = await buildQueued();
		await claim(scene, id);
		for (const attempt of [2, 3]) {
			await loseLease(scene, id);
			expect(await claim(scene, id)).toMatchObject({ attempt, uncertainSince: expect.any(Date) });
		}
		await loseLease(scene, id);
		expect(await claimDelivery(scene.system, id, "worker-4")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({ status: "unknown", worker: null, leaseUntil: null, reason: { code: "lost" } });
		const [timer] = await timersOf(scene, id);
		expect(timer).toBeDefined();
		await skipWait(scene, id);
		const again = await claim(scene, id);
		expect(await recordOutcome(scene.system, again, failed("unavailable"))).toBe(true);
		await skipWait(scene, id);
		await claim(scene, id);
		// One attempt that ended otherwise, and losses count from the beginning.
		await loseLease(scene, id);
		expect(await claim(scene, id)).toMatchObject({ uncertainSince: expect.any(Date) });
	});

	test("leaves nothing to a zombie: its outcome is refused and changes nothing", async () => {
		const { scene, requestId, id } = await buildQueued();
		const zombie = await claim(scene, id, "worker-1");
		await loseLease(scene, id);
		const successor = await claim(scene, id, "worker-2");
		const before = [await readDelivery(scene, id), await attemptsOf(id), await eventsOf(scene, id), await timersOf(scene, id)];
		for (const outcome of [delivered(), failed("rejected"), failed("unauthorized"), failed("unavailable", { gone: true })])
			expect(await recordOutcome(scene.system, zombie, outcome)).toBe(false);
		expect((await readDelivery(scene, id)).updatedAt).toEqual((before[0] as { updatedAt: Date }).updatedAt);
		expect([await readDelivery(scene, id), await attemptsOf(id), await eventsOf(scene, id)]).toEqual(before.slice(0, 3));
		const [integration] = await database.db.orm
			.select()
			.from(messagingIntegrations)
			.where(eq(messagingIntegrations.id, scene.integration.id));
		expect(integration).toMatchObject({ enabled: true, health: "unknown", heldUntil: null });
		expect(await recordOutcome(scene.system, successor, delivered())).toBe(true);
		expect(await recordOutcome(scene.system, zombie, failed("rejected"))).toBe(false);
		expect(await readDelivery(scene, id)).toMatchObject({ status: "delivered" });
		expect(await eventsOf(scene, requestId)).toEqual(["created", "dispatched"]);
	});

	test("closes a delivery that was cancelled meanwhile, without another attempt", async () => {
		const { scene, requestId, id } = await buildQueued();
		await claim(scene, id);
		await cancelRequest(scene.owner, requestId);
		await loseLease(scene, id);
		expect(await claimDelivery(scene.system, id, "worker-2")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({ status: "cancelled", closeAs: null, worker: null, leaseUntil: null });
		expect(await attemptsOf(id)).toMatchObject([{ outcome: "lost" }]);
		expect(await timersOf(scene, id)).toEqual([]);
		expect(await eventsOf(scene, id)).toEqual(["cancelled"]);
	});

	test.each([true, false])("is no reason to send again what was answered meanwhile (applied: %s)", async (applied) => {
		const { scene, requestId, id } = await buildQueued();
		const zombie = await claim(scene, id);
		await (applied ? sayAndRecord : say)(scene, id, "answer");
		await loseLease(scene, id);
		expect(await claimDelivery(scene.system, id, "worker-2")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({ status: "acknowledged", worker: null, leaseUntil: null });
		expect(await attemptsOf(id)).toMatchObject([{ outcome: "lost" }]);
		expect(await timersOf(scene, id)).toEqual([]);
		expect(await eventsOf(scene, id)).toEqual(["acknowledged"]);
		expect((await readRequest(scene, requestId)).status).toBe(applied ? "completed" : "dispatched");
		expect(await recordOutcome(scene.system, zombie, delivered())).toBe(false);
	});

	test("at a disabled integration leaves the delivery unknown, and says so", async () => {
		const { scene, id } = await buildQueued();
		await claim(scene, id);
		await disableIntegration(scene.owner, scene.integration.id);
		await loseLease(scene, id);
		expect(await claimDelivery(scene.system, id, "worker-2")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({ status: "unknown", worker: null, reason: { code: "integration_disabled" } });
		expect(await attemptsOf(id)).toMatchObject([{ outcome: "lost" }]);
		expect(await eventsOf(scene, id)).toEqual(["unknown"]);
		await enableIntegration(scene.owner, scene.integration.id);
		expect(await claim(scene, id)).toMatchObject({ uncertainSince: expect.any(Date), attempt: 2 });
	});
});

describe("an integration that rests", () => {
	test("holds when it is disabled, with the reason, until it is enabled; no attempt is spent", async () => {
		const { scene, id } = await buildQueued({ enabled: false, disabledReason: "Being moved." });
		expect(await claimDelivery(scene.system, id, "worker-1")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({
			status: "queued",
			attemptCount: 0,
			fence: 0,
			reason: { code: "integration_disabled", message: expect.stringContaining("Being moved.") },
		});
		expect(await eventsOf(scene, id)).toEqual(["held"]);
		await skipWait(scene, id);
		expect(await claimDelivery(scene.system, id, "worker-1")).toBeNull();
		expect(await eventsOf(scene, id)).toEqual(["held"]);
		const [timer] = await timersOf(scene, id);
		expect(timer?.dueMs).toBeGreaterThan(14 * 60_000);
		await enableIntegration(scene.owner, scene.integration.id);
		expect(await claim(scene, id)).toMatchObject({ attempt: 1 });
		expect(await readDelivery(scene, id)).toMatchObject({ reason: null });
	});

	test("holds until its time when the platform asked for patience", async () => {
		const until = new Date(Date.now() + 120_000);
		const { scene, id } = await buildQueued({ heldUntil: until, heldReason: "429" });
		expect(await claimDelivery(scene.system, id, "worker-1")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({
			status: "queued",
			nextAttemptAt: until,
			reason: { code: "integration_held", message: expect.stringContaining("429") },
		});
		const [timer] = await timersOf(scene, id);
		expect(Math.abs((timer?.dueMs ?? 0) - 120_000)).toBeLessThan(5_000);
		await updateIntegration(scene, { heldUntil: new Date(Date.now() - 1_000) });
		await skipWait(scene, id);
		expect(await claim(scene, id)).toMatchObject({ attempt: 1 });
	});

	test("asks for a probe as long as its credentials are refused", async () => {
		const { scene, id } = await buildQueued({ health: "unauthorized", unauthorizedSince: new Date() });
		expect(await claim(scene, id)).toMatchObject({ probe: true });
	});

	test("doesn't hold what was enabled while the claim waited for the delivery", async () => {
		const { scene, id } = await buildQueued({ enabled: false });
		const taken = await raceAgainst(
			database.db,
			async (tx) => {
				await tx.select().from(messageDeliveries).where(eq(messageDeliveries.id, id)).for("update");
				await tx.update(messagingIntegrations).set({ enabled: true }).where(eq(messagingIntegrations.id, scene.integration.id));
			},
			() => claimDelivery(scene.system, id, "worker-1"),
		);
		expect(taken).toMatchObject({ attempt: 1 });
	});

	test("enabled and claimed at once, it never leaves a delivery waiting for nothing", async () => {
		for (let round = 0; round < 8; round += 1) {
			const { scene, id } = await buildQueued({ enabled: false });
			const both = [() => claimDelivery(scene.system, id, "worker-1"), () => enableIntegration(scene.owner, scene.integration.id)];
			await Promise.all((round % 2 ? both : both.toReversed()).map((start) => start()));
			const { status } = await readDelivery(scene, id);
			const [timer] = await timersOf(scene, id);
			// Sent by this claim, or woken at once.
			if (status !== "sending") expect(timer?.dueMs).toBeLessThan(1_000);
		}
	});
});

test("a claim that breaks in the middle leaves the delivery as it was", async () => {
	const { scene, id } = await buildQueued();
	const [before] = await timersOf(scene, id);
	await database.db.orm.execute(sql`alter table delivery_attempts add constraint broken check (worker <> 'broken')`);
	await expect(claimDelivery(scene.system, id, "broken")).rejects.toThrow();
	expect(await readDelivery(scene, id)).toMatchObject({ status: "queued", fence: 0, attemptCount: 0 });
	expect((await timersOf(scene, id))[0]?.id).toBe(before?.id);
});
