import { eq, messageDeliveries, messagingIntegrations, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelRequest } from "../requests/cancel-request.ts";
import { askAndDispatch, attempt, buildScene, claim, eventsOf, failed, loseLease, readDelivery, timersOf } from "../requests/testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { getDelivery } from "./get-delivery.ts";
import { giveStalledTurns, giveTurns } from "./give-turns.ts";
import { readLane } from "./read-lane.ts";
import { retryDelivery } from "./retry-delivery.ts";
import { throttleDelivery } from "./wait-turn.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildThrottled = async (count = 1) => {
	const scene = await buildScene(database.db, count);
	const { id: requestId, deliveryIds } = await askAndDispatch(scene);
	const ids = deliveryIds.toSorted();
	for (const id of ids) await throttleDelivery(scene.system, id);
	return { scene, requestId, ids, id: ids[0] ?? "" };
};
const give = ({ system, integration }: Awaited<ReturnType<typeof buildScene>>, count: number) => giveTurns(system, integration.id, count);
const timerOf = async (id: string) => {
	const [timer] = await database.db.orm.select().from(timers).where(eq(timers.subjectId, id));
	if (!timer) throw new Error("It has no timer.");
	return timer;
};

test("what is turned away waits its turn, visibly, without an attempt; its timer is far away, and pages hear of it once", async () => {
	const { scene, id } = await buildThrottled();
	const { waitsSince } = await readDelivery(scene, id);
	await throttleDelivery(scene.system, id);
	const shown = await getDelivery(scene.owner, id);
	expect(shown).toMatchObject({
		status: "queued",
		attempt_count: 0,
		reason: { code: "throttled" },
		waits_since: waitsSince?.toISOString(),
	});
	const [timer] = await timersOf(scene, id);
	expect(timer?.dueMs).toBeGreaterThan(590_000);
	expect(timer?.dueMs).toBeLessThan(1_210_000);
	expect(await eventsOf(scene, id)).toEqual(["held"]);
	expect(await readLane(scene.system, { deliveryId: id })).toEqual({ integrationId: scene.integration.id, maxInFlight: 8, crowded: true });
	expect(await findViolations(scene.system)).toEqual([]);
});

test("turns go to those that were made first, once each; their wake says so, and a claim ends the waiting", async () => {
	const { scene, ids } = await buildThrottled(3);
	expect((await give(scene, 2)).toSorted()).toEqual(ids.slice(0, 2));
	expect(await give(scene, 2)).toEqual([ids[2]]);
	expect(await give(scene, 2)).toEqual([]);
	const woken = await timerOf(ids[0] ?? "");
	expect(woken).toMatchObject({ fired: 0, data: { turn: true, integration_id: scene.integration.id } });
	expect(woken.dueAt.getTime()).toBeLessThan(Date.now() + 1_000);
	await claim(scene, ids[0] ?? "");
	expect(await readDelivery(scene, ids[0] ?? "")).toMatchObject({ status: "sending", waitsSince: null, reason: null });
	expect((await timerOf(ids[0] ?? "")).data).not.toHaveProperty("turn");
	// Turned away once more it waits again, and can be given another turn.
	await throttleDelivery(scene.system, ids[1] ?? "");
	expect(await give(scene, 5)).toEqual([ids[1]]);
});

test("turns that are given at once go to different ones", async () => {
	const { scene, ids } = await buildThrottled(6);
	const given = (await Promise.all(ids.map(() => give(scene, 1)))).flat();
	expect(given.toSorted()).toEqual([...new Set(given)].toSorted());
	expect((await Promise.all([give(scene, 6), ...given])).flat().length).toBe(6);
});

test("where nobody is sending, the first that waits is given a turn after a while", async () => {
	const { scene, ids } = await buildThrottled(3);
	const stalled = async () => (await giveStalledTurns(scene.system)).includes(scene.integration.id);
	expect(await stalled()).toBe(false);
	await database.db.orm.update(messageDeliveries).set({ waitsSince: sql`now() - interval '11 seconds'` });
	expect(await stalled()).toBe(true);
	expect((await timerOf(ids[0] ?? "")).data).toMatchObject({ turn: true });
	await claim(scene, ids[0] ?? "");
	expect(await stalled()).toBe(false);
	expect((await timerOf(ids[1] ?? "")).data).not.toHaveProperty("turn");
});

test("while its integration is held, turns are for the moment when that ends; while it is disabled there are none", async () => {
	const { scene, ids } = await buildThrottled(2);
	const rest = (values: Partial<typeof messagingIntegrations.$inferInsert>) =>
		database.db.orm.update(messagingIntegrations).set(values).where(eq(messagingIntegrations.id, scene.integration.id));
	await rest({ enabled: false });
	expect(await give(scene, 1)).toEqual([]);
	const heldUntil = new Date(Date.now() + 60_000);
	await rest({ enabled: true, heldUntil });
	expect(await give(scene, 1)).toEqual([]);
	expect(await timerOf(ids[0] ?? "")).toMatchObject({ dueAt: heldUntil, data: { turn: true } });
});

test("who is not due, closed, or taken is not turned away; one whose worker vanished waits like the others", async () => {
	const { scene, requestId, id } = await buildThrottled();
	await attempt(scene, id, failed("unavailable"));
	await throttleDelivery(scene.system, id);
	expect(await readDelivery(scene, id)).toMatchObject({ status: "retrying", waitsSince: null, reason: { code: "unavailable" } });
	await database.db.orm.update(messageDeliveries).set({ nextAttemptAt: sql`now()` }).where(eq(messageDeliveries.id, id));
	await claim(scene, id);
	await throttleDelivery(scene.system, id);
	expect(await readDelivery(scene, id)).toMatchObject({ status: "sending", waitsSince: null });
	await loseLease(scene, id);
	await throttleDelivery(scene.system, id);
	expect(await readDelivery(scene, id)).toMatchObject({ status: "unknown", reason: { code: "throttled" }, waitsSince: expect.any(Date) });
	expect(await give(scene, 1)).toEqual([id]);
	expect(await claimDelivery(scene.system, id, "worker-2")).not.toBeNull();
	await attempt(scene, id, failed("unavailable")).catch(() => {});
	await cancelRequest(scene.owner, requestId);
	await throttleDelivery(scene.system, id);
	expect(await give(scene, 1)).toEqual([]);
});

test("“retry now” ends the waiting", async () => {
	const { scene, id } = await buildThrottled();
	expect(await retryDelivery(scene.owner, id)).toMatchObject({ status: "queued", waits_since: null, reason: null });
	expect(await give(scene, 1)).toEqual([]);
	expect(await claimDelivery(scene.system, id, "worker-1")).not.toBeNull();
});
