import { deliveryAttempts, eq, messageDeliveries } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askAndDispatch, buildScene } from "../requests/testing.ts";
import { readDeliveries } from "./read-deliveries.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("of a delivery that was tried very often the last 50 attempts are read, in order", async () => {
	const scene = await buildScene(database.db, 2);
	const { id: agentRequestId, deliveryIds } = await askAndDispatch(scene);
	for (const [deliveryId, attemptCount] of [
		[deliveryIds[0], 60],
		[deliveryIds[1] ?? "", 2],
	] as const) {
		await database.db.orm.update(messageDeliveries).set({ attemptCount }).where(eq(messageDeliveries.id, deliveryId));
		await database.db.orm.insert(deliveryAttempts).values(
			Array.from({ length: attemptCount }, (_, index) => ({
				projectId: scene.projectId,
				deliveryId,
				number: index + 1,
				worker: "worker-1",
				startedAt: new Date(),
				outcome: "rate_limited" as const,
			})),
		);
	}
	const { deliveries } = await readDeliveries(scene.owner, { agentRequestId });
	const numbers = new Map(deliveries.map(({ id, attempts }) => [id, attempts.map(({ number }) => number)]));
	expect(numbers.get(deliveryIds[0])).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
	expect(numbers.get(deliveryIds[1] ?? "")).toEqual([1, 2]);
	expect(deliveries.map((delivery) => delivery.attempt_count).toSorted()).toEqual([2, 60]);
});
