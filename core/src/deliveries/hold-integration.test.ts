import { eq, messagingIntegrations, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enableIntegration } from "../integrations/enable-integration.ts";
import { getIntegration } from "../integrations/get-integration.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	delivered,
	eventsOf,
	failed,
	readDelivery,
	type Scene,
	skipWait,
	timersOf,
} from "../requests/testing.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { getDelivery } from "./get-delivery.ts";
import { recordOutcome } from "./record-outcome.ts";
import { nextWaitMs } from "./schedule.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildTwo = async (overrides?: Parameters<typeof buildScene>[2]) => {
	const scene = await buildScene(database.db, 2, overrides);
	const { deliveryIds } = await askAndDispatch(scene);
	return { scene, one: deliveryIds[0], other: deliveryIds[1] ?? "" };
};
const read = async ({ integration }: Scene) => {
	const [row] = await database.db.orm
		.select({
			integration: messagingIntegrations,
			heldMs: sql<number>`extract(epoch from held_until - now()) * 1000`.mapWith(Number),
		})
		.from(messagingIntegrations)
		.where(eq(messagingIntegrations.id, integration.id));
	if (!row) throw new Error("The integration is gone.");
	return { ...row.integration, heldMs: row.heldMs };
};
const refusedFor = ({ integration }: Scene, interval: string) =>
	database.db.orm.execute(sql`
		update messaging_integrations set health = 'unauthorized', unauthorized_since = now() - ${interval}::interval, held_until = null
		where id = ${integration.id}`);
const near = (value: number | undefined, expected: number) => expect(Math.abs((value ?? 0) - expected)).toBeLessThan(5_000);

describe("refused credentials", () => {
	test("hold the whole integration; nothing of it is sent, no step of the schedule is spent, and the next attempt probes", async () => {
		const { scene, one, other } = await buildTwo();
		await attempt(scene, one, failed("unauthorized", { detail: "HTTP 401" }));
		expect(await readDelivery(scene, one)).toMatchObject({ status: "retrying", scheduleStep: 0, reason: { code: "unauthorized" } });
		const integration = await read(scene);
		expect(integration).toMatchObject({ enabled: true, health: "unauthorized", heldReason: "HTTP 401" });
		near(integration.heldMs, 60_000);
		expect(await eventsOf(scene, integration.id)).toEqual(["integration.held"]);

		expect(await claimDelivery(scene.system, other, "worker-1")).toBeNull();
		expect(await readDelivery(scene, other)).toMatchObject({ status: "queued", attemptCount: 0, reason: { code: "integration_held" } });
		await skipWait(scene, other);
		expect(await claim(scene, other)).toMatchObject({ probe: true });
	});

	test("are probed more and more slowly, up to 15 minutes, and count from the first refusal", async () => {
		const { scene, one } = await buildTwo();
		for (const [interval, seconds] of [
			["5 minutes", 300],
			["2 hours", 900],
		] as const) {
			await refusedFor(scene, interval);
			await attempt(scene, one, failed("unauthorized"));
			const integration = await read(scene);
			near(integration.heldMs, seconds * 1_000);
			expect(Date.now() - (integration.unauthorizedSince?.getTime() ?? 0)).toBeGreaterThan(299_000);
			await skipWait(scene, one);
		}
	});

	test("for more than a day disable it; its deliveries stay where they are until it is enabled", async () => {
		const { scene, one } = await buildTwo();
		await refusedFor(scene, "25 hours");
		await attempt(scene, one, failed("unauthorized", { detail: "HTTP 403" }));
		expect(await read(scene)).toMatchObject({ enabled: false, disabledReason: expect.stringContaining("HTTP 403") });
		expect(await eventsOf(scene, scene.integration.id)).toEqual(["integration.disabled"]);
		expect(await readDelivery(scene, one)).toMatchObject({ status: "retrying", nextAttemptAt: null });
		near((await timersOf(scene, one))[0]?.dueMs, 900_000);
		await enableIntegration(scene.owner, scene.integration.id);
		near((await timersOf(scene, one))[0]?.dueMs, 0);
		expect(await claim(scene, one)).toMatchObject({ probe: false });
	});

	test("that ended with the delivery that met them are no day of it: the next one, days later, counts anew", async () => {
		const { scene, one } = await buildTwo();
		await refusedFor(scene, "3 days");
		await database.db.orm.execute(sql`
			update messaging_integrations set held_until = now() - interval '2 days' where id = ${scene.integration.id}`);
		await attempt(scene, one, failed("unauthorized"));
		const integration = await read(scene);
		expect(integration).toMatchObject({ enabled: true, health: "unauthorized" });
		near(integration.heldMs, 60_000);
		near(Date.now() - (integration.unauthorizedSince?.getTime() ?? 0), 0);
	});

	test("end with a delivery that gets through", async () => {
		const { scene, one } = await buildTwo();
		await refusedFor(scene, "2 hours");
		await attempt(scene, one);
		expect(await read(scene)).toMatchObject({ health: "healthy", unauthorizedSince: null, heldUntil: null, heldReason: null });
	});
});

describe("a rate limit", () => {
	test.each([
		[30_000, 30_000],
		[null, 60_000],
		[0, 1_000],
		[10 * 365 * 86_400_000, 86_400_000],
	])("of %j ms holds the integration for %i ms and spends no step of the schedule", async (retryAfterMs, held) => {
		const { scene, one, other } = await buildTwo();
		await attempt(scene, one, failed("rate_limited", { retryAfterMs }));
		expect(await readDelivery(scene, one)).toMatchObject({ status: "retrying", scheduleStep: 0, reason: { code: "rate_limited" } });
		const integration = await read(scene);
		expect(integration).toMatchObject({ health: "unknown", unauthorizedSince: null });
		expect(Math.abs(integration.heldMs - held)).toBeLessThan(3_000);
		expect(Math.abs(((await timersOf(scene, one))[0]?.dueMs ?? 0) - held)).toBeLessThan(3_000);
		if (held > 1_000) expect(await claimDelivery(scene.system, other, "worker-1")).toBeNull();
	});

	test("isn't ended by what was under way when it was hit, nor made shorter by a second one", async () => {
		const scene = await buildScene(database.db, 3);
		const [one, other, third] = (await askAndDispatch(scene, { answer_policy: { kind: "all" } })).deliveryIds;
		const claims = [await claim(scene, one), await claim(scene, other ?? ""), await claim(scene, third ?? "")] as const;
		await recordOutcome(scene.system, claims[0], failed("rate_limited", { retryAfterMs: 3_600_000 }));
		await recordOutcome(scene.system, claims[1], failed("rate_limited", { retryAfterMs: 2_000 }));
		await recordOutcome(scene.system, claims[2], delivered());
		const integration = await read(scene);
		near(integration.heldMs, 3_600_000);
		expect(integration).toMatchObject({ health: "healthy" });
	});

	test("for ever, with leave to come back at once, makes its delivery wait longer and longer, and holds nobody else", async () => {
		const { scene, one, other } = await buildTwo();
		const waits: number[] = [];
		for (let times = 0; times < 13; times += 1) {
			await attempt(scene, one, failed("rate_limited", { retryAfterMs: 0 }));
			waits.push(Math.round((await timersOf(scene, one))[0]?.dueMs ?? 0));
			expect((await read(scene)).heldMs).toBeLessThan(1_100);
			await skipWait(scene, one);
		}
		for (const [index, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThan((nextWaitMs(index, { random: 0 }) ?? 0) - 1_000);
		expect(waits.at(-1)).toBeGreaterThan(60_000_000);
		expect((await getDelivery(scene.owner, one)).attempts).toHaveLength(13);
		await attempt(scene, one, failed("unavailable"));
		await skipWait(scene, one);
		await attempt(scene, one, failed("rate_limited", { retryAfterMs: 0 }));
		expect((await timersOf(scene, one))[0]?.dueMs).toBeLessThan(1_100);
		await skipWait(scene, other);
		await claim(scene, other);
	});

	test("is shown with its end and reason as long as it lasts", async () => {
		const { scene, one } = await buildTwo();
		await attempt(scene, one, failed("rate_limited", { retryAfterMs: 60_000, detail: "HTTP 429" }));
		const { held_until, held_reason } = await getIntegration(scene.owner, scene.integration.id);
		near(new Date(held_until ?? 0).getTime() - Date.now(), 60_000);
		expect(held_reason).toBe("HTTP 429");
	});

	test("that is over is forgotten with the next delivery", async () => {
		const { scene, one } = await buildTwo({ heldUntil: new Date(Date.now() - 1_000), heldReason: "429" });
		expect(await getIntegration(scene.owner, scene.integration.id)).toMatchObject({ held_until: null, held_reason: null });
		await attempt(scene, one);
		expect(await read(scene)).toMatchObject({ heldUntil: null, heldReason: null });
	});
});

describe("an address that is gone (410)", () => {
	test("disables the integration once, and keeps its deliveries", async () => {
		const { scene, one, other } = await buildTwo();
		const claims = [await claim(scene, one), await claim(scene, other)];
		for (const taken of claims) await recordOutcome(scene.system, taken, failed("rejected", { gone: true, detail: "HTTP 410" }));
		expect(await read(scene)).toMatchObject({ enabled: false, disabledReason: "HTTP 410", health: "failing" });
		expect(await eventsOf(scene, scene.integration.id)).toEqual(["integration.disabled"]);
		for (const id of [one, other]) {
			expect(await readDelivery(scene, id)).toMatchObject({ status: "retrying", reason: { code: "integration_disabled" } });
			near((await timersOf(scene, id))[0]?.dueMs, 900_000);
			expect(await claimDelivery(scene.system, id, "worker-1")).toBeNull();
		}
		await enableIntegration(scene.owner, scene.integration.id);
		expect(await claim(scene, one)).toMatchObject({ attempt: 2 });
	});
});

describe("failing attempts", () => {
	const failingFor = ({ integration }: Scene, interval: string, failures: number) =>
		database.db.orm.execute(sql`
			update messaging_integrations set failing_since = now() - ${interval}::interval, failures = ${failures} where id = ${integration.id}`);

	test("are counted since the first one; what gets through ends that", async () => {
		const { scene, one, other } = await buildTwo();
		await attempt(scene, one, failed("unavailable"));
		expect(await read(scene)).toMatchObject({ failures: 1, failingSince: expect.any(Date) });
		await attempt(scene, other, delivered());
		expect(await read(scene)).toMatchObject({ failures: 0, failingSince: null, warnedAt: null });
	});

	test("of more than a day are told of once", async () => {
		const { scene, one, other } = await buildTwo();
		await failingFor(scene, "25 hours", 8);
		await attempt(scene, one, failed("unavailable"));
		await attempt(scene, other, failed("rejected"));
		expect(await eventsOf(scene, scene.integration.id)).toEqual(["integration.failing"]);
		expect(await read(scene)).toMatchObject({ enabled: true, failures: 10 });
	});

	test("of more than five days disable the integration, which keeps what waits", async () => {
		const { scene, one } = await buildTwo();
		await failingFor(scene, "121 hours", 9);
		await attempt(scene, one, failed("unavailable", { detail: "HTTP 500" }));
		expect(await read(scene)).toMatchObject({ enabled: false, disabledReason: "Nothing has got through for five days. HTTP 500" });
		expect(await readDelivery(scene, one)).toMatchObject({ status: "retrying", reason: { code: "integration_disabled" } });
		expect(await enableIntegration(scene.owner, scene.integration.id)).toMatchObject({ enabled: true, failing_since: null });
	});

	test("that were too few in five days disable nothing", async () => {
		const { scene, one } = await buildTwo();
		await failingFor(scene, "30 days", 3);
		await attempt(scene, one, failed("unavailable"));
		expect(await read(scene)).toMatchObject({ enabled: true });
	});
});
