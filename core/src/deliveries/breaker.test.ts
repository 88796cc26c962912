import { defaultDeliveryPolicy } from "@agentplanner/contracts";
import { eq, messageDeliveries, messagingIntegrations, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enableIntegration } from "../integrations/enable-integration.ts";
import { getIntegration } from "../integrations/get-integration.ts";
import { listIntegrations } from "../integrations/list-integrations.ts";
import { testAdapter } from "../integrations/testing.ts";
import { updateIntegration } from "../integrations/update-integration.ts";
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
	timersOf,
} from "../requests/testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { wakeProbe } from "./breaker.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { recordOutcome } from "./record-outcome.ts";
import { retryDelivery } from "./retry-delivery.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const change = ({ integration }: Scene, values: Parameters<typeof set>[0]) =>
	set(values).where(eq(messagingIntegrations.id, integration.id));
const set = (values: { [Column in keyof typeof messagingIntegrations.$inferInsert]?: unknown }) =>
	database.db.orm.update(messagingIntegrations).set(values as object);
const breakerOf = async ({ owner, integration }: Scene) => (await getIntegration(owner, integration.id)).breaker;
const dueNow = (id: string) =>
	database.db.orm.update(messageDeliveries).set({ nextAttemptAt: sql`now()` }).where(eq(messageDeliveries.id, id));

/** An integration that has not answered nine times. */
const buildFailing = async (count = 4) => {
	const scene = await buildScene(database.db, count);
	const ids = (await askAndDispatch(scene)).deliveryIds.toSorted();
	await change(scene, { breakerFailures: 9 });
	return { scene, ids, first: ids[0] ?? "", second: ids[1] ?? "" };
};
const buildBroken = async (count = 4) => {
	const built = await buildFailing(count);
	await attempt(built.scene, built.first, failed("unavailable"));
	return built;
};
const probeDue = (scene: Scene) => change(scene, { breakerProbeAt: sql`now()`, breakerProbing: false });

describe("the breaker", () => {
	test("opens with the tenth failure in a row; what is due then waits, visibly, and spends no attempt", async () => {
		const { scene, first, second } = await buildFailing();
		expect(await breakerOf(scene)).toEqual({ state: "closed", since: null, next_probe_at: null, failures: 9 });
		await attempt(scene, first, failed("unavailable"));
		const breaker = await breakerOf(scene);
		expect(breaker).toMatchObject({ state: "open", since: expect.any(String), failures: 10 });
		expect(Math.abs(Date.parse(breaker.next_probe_at ?? "") - Date.now() - 30_000)).toBeLessThan(5_000);
		expect(await eventsOf(scene, scene.integration.id)).toContain("integration.breaker.opened");
		expect(await claimDelivery(scene.system, second, "worker-1")).toBeNull();
		expect(await readDelivery(scene, second)).toMatchObject({ status: "queued", attemptCount: 0, reason: { code: "breaker_open" } });
		expect((await listIntegrations(scene.owner)).items[0]).toMatchObject({ waits_since: expect.any(String), in_flight: 0 });
		expect((await timersOf(scene, second))[0]?.dueMs).toBeGreaterThan(590_000);
		expect(await findViolations(scene.system)).toEqual([]);
	});

	test("opens early where most of many attempts fail", async () => {
		const scene = await buildScene(database.db, 1);
		const [id] = (await askAndDispatch(scene)).deliveryIds;
		await attempt(scene, id, failed("unavailable", { mostFail: true }));
		expect((await breakerOf(scene)).state).toBe("open");
	});

	test.each([
		["delivered", delivered()],
		["refused", failed("rejected")],
		["throttled", failed("rate_limited")],
	] as const)("counts anew after an attempt that was answered: %s", async (_, outcome) => {
		const { scene, first, second } = await buildFailing();
		await attempt(scene, first, outcome);
		expect((await breakerOf(scene)).failures).toBe(0);
		await change(scene, { heldUntil: null });
		await attempt(scene, second, failed("unavailable"));
		expect(await breakerOf(scene)).toMatchObject({ state: "closed", failures: 1 });
	});

	test("lets one delivery probe, whoever else comes at that moment", async () => {
		const { scene, ids } = await buildBroken(12);
		await probeDue(scene);
		const claims = await Promise.all(ids.slice(1).map((id) => claimDelivery(scene.system, id, "worker-1")));
		const won = claims.filter((one) => one !== null);
		expect(won).toMatchObject([{ breakerProbe: true }]);
		expect(await breakerOf(scene)).toMatchObject({ state: "half_open", next_probe_at: null });
	});

	test("waits twice as long after each probe that fails, up to ten minutes", async () => {
		const { scene, ids } = await buildBroken(3);
		for (const [probes, seconds] of [
			[0, 60],
			[1, 120],
			[3, 480],
			[4, 600],
			[30, 600],
		] as const) {
			await change(scene, { breakerProbes: probes });
			await probeDue(scene);
			const id = ids[1] ?? "";
			await dueNow(id);
			await attempt(scene, id, failed("unavailable"));
			const { state, next_probe_at } = await breakerOf(scene);
			expect(state).toBe("open");
			expect(Math.abs(Date.parse(next_probe_at ?? "") - Date.now() - seconds * 1_000)).toBeLessThan(5_000);
			expect(Math.abs(((await timersOf(scene, scene.integration.id))[0]?.dueMs ?? 0) - seconds * 1_000)).toBeLessThan(5_000);
		}
	});

	test("a failure that is no probe's leaves the next probe where it is", async () => {
		const { scene, first, second } = await buildFailing();
		const late = await claim(scene, second);
		await attempt(scene, first, failed("unavailable"));
		const before = await breakerOf(scene);
		await recordOutcome(scene.system, late, failed("unavailable"));
		expect(await breakerOf(scene)).toEqual({ ...before, failures: 11 });
	});

	test("closes with the first success, and gives those that wait their turn", async () => {
		const { scene, ids, second } = await buildBroken();
		for (const id of ids.slice(1)) await claimDelivery(scene.system, id, "worker-1");
		await probeDue(scene);
		await attempt(scene, second);
		expect(await breakerOf(scene)).toEqual({ state: "closed", since: null, next_probe_at: null, failures: 0 });
		expect(await eventsOf(scene, scene.integration.id)).toContain("integration.breaker.closed");
		expect(await timersOf(scene, scene.integration.id)).toEqual([]);
		for (const id of ids.slice(2)) expect((await timersOf(scene, id))[0]?.dueMs).toBeLessThan(1_000);
	});

	test.each([
		["delivered", delivered()],
		["refused", failed("rejected")],
	] as const)("stays open for what was under way when it opened: %s", async (_, outcome) => {
		const { scene, ids, first, second } = await buildFailing();
		const underWay = await claim(scene, second);
		await attempt(scene, first, failed("unavailable"));
		const before = await breakerOf(scene);
		expect(await recordOutcome(scene.system, underWay, outcome)).toBe(true);
		expect(await breakerOf(scene)).toEqual(before);
		expect(await claimDelivery(scene.system, ids[2] ?? "", "worker-1")).toBeNull();
	});

	test("its timer wakes the one that waits longest, and nothing once it is closed", async () => {
		const { scene, ids, second } = await buildBroken();
		for (const id of ids.slice(1)) await claimDelivery(scene.system, id, "worker-1");
		await wakeProbe(scene.system, scene.integration.id);
		expect((await timersOf(scene, second))[0]?.dueMs).toBeLessThan(1_000);
		expect((await timersOf(scene, ids[2] ?? ""))[0]?.dueMs).toBeGreaterThan(590_000);
		expect((await timersOf(scene, scene.integration.id))[0]?.dueMs).toBeGreaterThan(15_000);
		await change(scene, { breakerOpenedAt: null });
		await wakeProbe(scene.system, scene.integration.id);
		expect(await timersOf(scene, scene.integration.id)).toEqual([]);
	});

	test("“retry now” passes it once; enabling closes it", async () => {
		const { scene, ids, second } = await buildBroken();
		await retryDelivery(scene.owner, second);
		expect(await claimDelivery(scene.system, second, "worker-1")).toMatchObject({ breakerProbe: false });
		expect(await claimDelivery(scene.system, ids[2] ?? "", "worker-1")).toBeNull();
		await enableIntegration(scene.owner, scene.integration.id);
		expect((await breakerOf(scene)).state).toBe("closed");
		expect(await claimDelivery(scene.system, ids[2] ?? "", "worker-1")).not.toBeNull();
	});
});

describe("a rate limit of ours", () => {
	const buildLimited = async (count: number, per_second: number) => {
		const scene = await buildScene(database.db, count, { deliveryPolicy: { ...defaultDeliveryPolicy, per_second } });
		return { scene, ids: (await askAndDispatch(scene)).deliveryIds };
	};

	test("gives each of twenty that come at once a moment of its own; one goes now, no attempt is spent by the others", async () => {
		const { scene, ids } = await buildLimited(20, 5);
		const claims = await Promise.all(ids.map((id) => claimDelivery(scene.system, id, "worker-1")));
		expect(claims.filter((one) => one !== null)).toHaveLength(1);
		const waiting = (await Promise.all(ids.map((id) => readDelivery(scene, id)))).filter(({ status }) => status === "queued");
		expect(waiting).toHaveLength(19);
		for (const one of waiting) expect(one).toMatchObject({ attemptCount: 0, reason: { code: "throttled" }, waitsSince: expect.any(Date) });
		const moments = waiting.map(({ turnAt }) => turnAt?.getTime() ?? 0).toSorted((one, other) => one - other);
		for (const [index, moment] of moments.slice(1).entries()) expect(moment - (moments[index] ?? 0)).toBeGreaterThanOrEqual(195);
		expect((moments.at(-1) ?? 0) - (moments[0] ?? 0)).toBeLessThan(4_500);
	});

	test("who comes at the reserved moment waits behind nobody; “retry now” doesn't wait for it", async () => {
		const { scene, ids } = await buildLimited(2, 0.1);
		const [one = "", two = ""] = ids;
		for (const id of ids) await claimDelivery(scene.system, id, "worker-1");
		const [timer] = await database.db.orm.select().from(timers).where(eq(timers.subjectId, two));
		expect(timer).toMatchObject({ dueAt: (await readDelivery(scene, two)).turnAt, data: { turn: true } });
		expect((await readDelivery(scene, one)).status).toBe("sending");
		await retryDelivery(scene.owner, two);
		expect(await claimDelivery(scene.system, two, "worker-1")).not.toBeNull();
	});

	test("that is changed lets go the moments that were reserved at the old one", async () => {
		const { scene, ids } = await buildLimited(3, 0.1);
		for (const id of ids) await claimDelivery(scene.system, id, "worker-1");
		const waiting = ids.slice(1);
		for (const id of waiting) expect((await timersOf(scene, id))[0]?.dueMs).toBeGreaterThan(8_000);
		await updateIntegration(scene.owner, scene.integration.id, { delivery_policy: { per_second: 100 } }, testAdapter, null);
		for (const id of waiting) {
			expect((await timersOf(scene, id))[0]?.dueMs).toBeLessThan(1_000);
			expect(await readDelivery(scene, id)).toMatchObject({ turnAt: null, waitsSince: null });
		}
		expect(await claimDelivery(scene.system, waiting[0] ?? "", "worker-1")).not.toBeNull();
	});

	test("a moment that has come is used; one that is long over is none", async () => {
		const { scene, ids } = await buildLimited(3, 0.1);
		const [one = "", two = "", three = ""] = ids;
		for (const id of ids) await claimDelivery(scene.system, id, "worker-1");
		const come = (id: string, ago: string) =>
			database.db.orm.execute(
				sql`update message_deliveries set next_attempt_at = now(), turn_at = now() - ${ago}::interval where id = ${id}`,
			);
		await come(two, "0 seconds");
		expect(await claimDelivery(scene.system, two, "worker-1")).not.toBeNull();
		await come(three, "1 minute");
		expect(await claimDelivery(scene.system, three, "worker-1")).toBeNull();
		expect((await readDelivery(scene, one)).status).toBe("sending");
	});
});
