import { eq, messageDeliveries, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelRequest } from "../requests/cancel-request.ts";
import { askAndDispatch, attempt, buildScene, claim, loseLease, readDelivery, type Scene, timersOf } from "../requests/testing.ts";
import { renewLeases } from "./renew-leases.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildClaimed = async (count: number) => {
	const scene = await buildScene(database.db, count);
	const asked = await askAndDispatch(scene);
	for (const id of asked.deliveryIds) await claim(scene, id);
	return { scene, ...asked };
};
const leaseMs = async ({ db }: Scene, id: string) => {
	const { rows } = await db.orm.execute<{ ms: string }>(
		sql`select extract(epoch from lease_until - now()) * 1000 as ms from message_deliveries where id = ${id}`,
	);
	return Number(rows[0]?.ms);
};

test("moves leases and timers together, for what this worker still holds", async () => {
	const { scene, deliveryIds } = await buildClaimed(3);
	const [mine, taken, idle] = deliveryIds as [string, string, string];
	await loseLease(scene, taken);
	await claim(scene, taken, "worker-2");
	await database.db.orm.update(messageDeliveries).set({ leaseUntil: new Date(Date.now() + 500) });
	await database.db.orm.execute(sql`update timers set due_at = now() + interval '500 milliseconds' where type = 'message.delivery.due'`);
	expect((await renewLeases(scene.system, "worker-1", [mine, taken])).toSorted()).toEqual([mine]);
	expect(await leaseMs(scene, mine)).toBeGreaterThan(2_000);
	expect((await timersOf(scene, mine))[0]?.dueMs).toBeGreaterThan(2_000);
	for (const id of [taken, idle]) {
		expect(await leaseMs(scene, id)).toBeLessThan(1_000);
		expect((await timersOf(scene, id))[0]?.dueMs).toBeLessThan(1_000);
	}
});

test("what has ended is no longer ours, and nothing is asked for nothing", async () => {
	const scene = await buildScene(database.db);
	const [id] = (await askAndDispatch(scene)).deliveryIds;
	await attempt(scene, id);
	expect(await renewLeases(scene.system, "worker-1", [id])).toEqual([]);
	expect(await renewLeases(scene.system, "worker-1", [])).toEqual([]);
	expect(await timersOf(scene, id)).toEqual([]);
});

test("what is cancelled meanwhile is held until its attempt ends", async () => {
	const { scene, id, deliveryIds } = await buildClaimed(1);
	await cancelRequest(scene.owner, id);
	expect(await renewLeases(scene.system, "worker-1", deliveryIds)).toEqual(deliveryIds);
});

test("a row that is locked just now is waited for by nobody, and stays ours", async () => {
	const { scene, deliveryIds } = await buildClaimed(2);
	const [locked, free] = deliveryIds as [string, string];
	await database.db.orm.update(messageDeliveries).set({ leaseUntil: new Date(Date.now() + 500) });
	await database.db.orm.transaction(async (tx) => {
		await tx.select().from(messageDeliveries).where(eq(messageDeliveries.id, locked)).for("update");
		expect((await renewLeases(scene.system, "worker-1", deliveryIds)).toSorted()).toEqual([...deliveryIds].toSorted());
	});
	expect(await leaseMs(scene, free)).toBeGreaterThan(2_000);
	expect(await leaseMs(scene, locked)).toBeLessThan(1_000);
});

test("renewing while requests are cancelled never ends in a deadlock", async () => {
	for (let round = 0; round < 5; round += 1) {
		const { scene, id, deliveryIds } = await buildClaimed(4);
		const renewals = Array.from({ length: 6 }, () => renewLeases(scene.system, "worker-1", deliveryIds.toReversed()));
		await Promise.all([...renewals, cancelRequest(scene.owner, id)]);
		for (const deliveryId of deliveryIds) expect(await readDelivery(scene, deliveryId)).toMatchObject({ closeAs: "cancelled" });
	}
});
