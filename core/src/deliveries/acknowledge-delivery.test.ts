import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { untilBlocked } from "../projects/race.ts";
import { acknowledgeRequest } from "../requests/acknowledge-request.ts";
import {
	agentContext,
	askAndDispatch,
	buildScene,
	claim,
	delivered,
	eventsOf,
	loseLease,
	readDelivery,
	type Scene,
	skipWait,
	timersOf,
} from "../requests/testing.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { recordOutcome } from "./record-outcome.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildSending = async () => {
	const scene = await buildScene(database.db);
	const { id: requestId, deliveryIds } = await askAndDispatch(scene);
	const taken = await claim(scene, deliveryIds[0]);
	return { scene, requestId, id: deliveryIds[0], taken };
};

/** The agent says that it has the message after `work` has written, and before that is committed. */
const speakBeforeCommit = async (scene: Scene, requestId: string, id: string, work: (tx: Tx<ProjectContext>) => Promise<unknown>) => {
	const agent = await agentContext(scene, id);
	const { speaking } = await inTransaction(scene.system, async (tx) => {
		await work(tx);
		const speaking = acknowledgeRequest(agent, requestId);
		await untilBlocked(database.db);
		return { speaking };
	});
	await speaking;
};

describe("an agent that speaks while somebody else writes the delivery has it all the same", () => {
	test("where the attempt ends as delivered", async () => {
		const { scene, requestId, id, taken } = await buildSending();
		await speakBeforeCommit(scene, requestId, id, (tx) => recordOutcome(tx, taken, delivered()));
		expect((await readDelivery(scene, id)).status).toBe("acknowledged");
		expect(await eventsOf(scene, id)).toEqual(["delivered", "acknowledged"]);
	});

	test("where a lost attempt is put off, and then nobody sends it again", async () => {
		const { scene, requestId, id } = await buildSending();
		for (const worker of ["worker-2", "worker-3"]) {
			await loseLease(scene, id);
			await claim(scene, id, worker);
		}
		await loseLease(scene, id);
		await speakBeforeCommit(scene, requestId, id, async (tx) => expect(await claimDelivery(tx, id, "worker-4")).toBeNull());
		expect(await readDelivery(scene, id)).toMatchObject({ status: "acknowledged", reason: null, nextAttemptAt: null });
		expect(await eventsOf(scene, id)).toEqual(["unknown", "acknowledged"]);
		expect(await timersOf(scene, id)).toEqual([]);
		await skipWait(scene, id);
		expect(await claimDelivery(scene.system, id, "worker-5")).toBeNull();
	});

	test("where its claim comes first, the attempt finds that it arrived", async () => {
		const scene = await buildScene(database.db);
		const { id: requestId, deliveryIds } = await askAndDispatch(scene);
		const [id] = deliveryIds;
		await speakBeforeCommit(scene, requestId, id, (tx) => claimDelivery(tx, id, "worker-1"));
		expect(await readDelivery(scene, id)).toMatchObject({ status: "sending", deliveredAt: expect.any(Date) });
		expect(await eventsOf(scene, id)).toEqual([]);
	});
});
