import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimDelivery } from "../deliveries/claim-delivery.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";
import { recordResponse } from "../responses/record-response.ts";
import { buildMember } from "../testing.ts";
import { cancelRequest } from "./cancel-request.ts";
import { expireRequest } from "./expire-request.ts";
import {
	agentContext,
	ask,
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	deliveriesOf,
	eventsOf,
	failed,
	passDeadline,
	readDelivery,
	readRequest,
	readResponses,
	say,
	sayAndRecord,
	skipWait,
	timersOf,
} from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("cancelRequest", () => {
	test("ends the request and every delivery, from each state they can be in", async () => {
		const scene = await buildScene(database.db, 6);
		const { id, deliveryIds } = await askAndDispatch(scene, { answer_policy: { kind: "all" } });
		const [queued, sending, retrying, unknown, arrived, acknowledged] = deliveryIds as string[] as [
			string,
			string,
			string,
			string,
			string,
			string,
		];
		await claim(scene, sending);
		await attempt(scene, retrying, failed("unavailable"));
		await attempt(scene, unknown, failed("unavailable", { mayHaveBeenAccepted: true }));
		await attempt(scene, arrived);
		await attempt(scene, acknowledged);
		await sayAndRecord(scene, acknowledged, "input_required", "Which one?");

		expect(await cancelRequest(scene.owner, id)).toMatchObject({
			status: "cancelled",
			closed_at: expect.any(String),
			input_question: null,
		});
		expect(await readDelivery(scene, sending)).toMatchObject({ status: "sending", closeAs: "cancelled" });
		for (const deliveryId of [queued, retrying, unknown, arrived])
			expect(await readDelivery(scene, deliveryId)).toMatchObject({ status: "cancelled", nextAttemptAt: null });
		expect((await timersOf(scene, queued, retrying, unknown, id)).map(({ type }) => type)).toEqual([]);
		// One that only asked back is told that it's over, like one that said nothing yet.
		for (const deliveryId of [arrived, acknowledged]) {
			expect(await readDelivery(scene, deliveryId)).toMatchObject({ status: "cancelled" });
			expect(await timersOf(scene, deliveryId)).toMatchObject([{ type: "message.delivery.settle.due" }]);
		}
		expect((await eventsOf(scene, arrived)).at(-1)).toBe("cancelled");
		expect((await eventsOf(scene, id)).at(-1)).toBe("cancelled");
		for (const deliveryId of [queued, retrying, unknown]) {
			await skipWait(scene, deliveryId);
			expect(await claimDelivery(scene.system, deliveryId, "worker-1")).toBeNull();
		}
	});

	test("a request that has ended can't be cancelled; of two at once one does it", async () => {
		const scene = await buildScene(database.db);
		const { id } = await ask(scene);
		const results = await Promise.allSettled([cancelRequest(scene.owner, id), cancelRequest(scene.owner, id)]);
		expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
		await expect(cancelRequest(scene.owner, id)).rejects.toThrow(ConflictError);
		expect(await eventsOf(scene, id)).toEqual(["created", "cancelled"]);
	});

	test("cancelled and answered at once, it ends once, one way or the other", async () => {
		for (let round = 0; round < 8; round += 1) {
			const scene = await buildScene(database.db);
			const { id, deliveryIds } = await askAndDispatch(scene);
			await attempt(scene, deliveryIds[0]);
			const response = await say(scene, deliveryIds[0], "answer");
			const cancel = () =>
				cancelRequest(scene.owner, id).then(
					() => "cancelled",
					() => "completed",
				);
			const apply = () => recordResponse(scene.system, response);
			const [ended] = round % 2 ? await Promise.all([cancel(), apply()]) : (await Promise.all([apply(), cancel()])).toReversed();
			expect((await readRequest(scene, id)).status).toBe(ended);
			expect((await eventsOf(scene, id)).slice(2)).toEqual([ended]);
			expect(await readResponses(scene, id)).toMatchObject([{ outcome: ended === "completed" ? "accepted" : "superseded" }]);
			expect((await deliveriesOf(scene, id)).map(({ status }) => status)).toEqual([ended === "completed" ? "acknowledged" : "cancelled"]);
		}
	});

	test("not by a viewer, a stranger, an agent, or from another project", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await expect(cancelRequest(await buildMember(database.db, scene.projectId, "viewer"), id)).rejects.toThrow(ForbiddenError);
		await expect(cancelRequest(await agentContext(scene, deliveryIds[0]), id)).rejects.toThrow(ForbiddenError);
		const stranger = await buildScene(database.db);
		await expect(cancelRequest(stranger.owner, id)).rejects.toThrow(NotFoundError);
		await expect(cancelRequest({ ...stranger.owner, projectId: scene.projectId }, id)).rejects.toThrow(NotFoundError);
		expect((await readRequest(scene, id)).status).toBe("dispatched");
	});
});

describe("expireRequest", () => {
	test("ends a request whose deadline has passed, and what is under way for it; once", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await attempt(scene, deliveryIds[0]);
		await passDeadline(scene, id);
		await Promise.all(Array.from({ length: 5 }, () => expireRequest(scene.system, id)));
		expect(await readRequest(scene, id)).toMatchObject({ status: "expired", reason: { code: "expired" } });
		expect((await readDelivery(scene, deliveryIds[0])).status).toBe("cancelled");
		expect((await eventsOf(scene, id)).slice(2)).toEqual(["expired"]);
		expect(await timersOf(scene, id)).toEqual([]);
		await sayAndRecord(scene, deliveryIds[0], "answer", "Too late");
		expect((await readRequest(scene, id)).status).toBe("expired");
		expect(await readResponses(scene, id)).toMatchObject([{ outcome: "superseded", text: "Too late" }]);
	});

	test("does nothing before the deadline, in another project, or after the end", async () => {
		const scene = await buildScene(database.db);
		const { id } = await ask(scene);
		await expireRequest(scene.system, id);
		await passDeadline(scene, id);
		await expireRequest((await buildScene(database.db)).system, id);
		expect((await readRequest(scene, id)).status).toBe("queued");
		await cancelRequest(scene.owner, id);
		await expireRequest(scene.system, id);
		expect((await readRequest(scene, id)).status).toBe("cancelled");
	});

	test("lets an answer that is stored but not applied go first, and keeps its timer for then", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await attempt(scene, deliveryIds[0]);
		const response = await say(scene, deliveryIds[0], "answer");
		await passDeadline(scene, id);
		await expireRequest(scene.system, id);
		expect((await readRequest(scene, id)).status).toBe("dispatched");
		expect((await timersOf(scene, id)).map(({ type }) => type)).toEqual(["agent.request.deadline.due"]);
		await recordResponse(scene.system, response);
		expect((await readRequest(scene, id)).status).toBe("completed");
	});

	test("waits for no answer that came after the deadline", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await passDeadline(scene, id);
		await say(scene, deliveryIds[0], "answer");
		await expireRequest(scene.system, id);
		expect((await readRequest(scene, id)).status).toBe("expired");
	});

	test("expired and answered at once, it ends once, and an answer that was stored before is never lost to it", async () => {
		for (let round = 0; round < 6; round += 1) {
			const scene = await buildScene(database.db);
			const { id, deliveryIds } = await askAndDispatch(scene);
			await attempt(scene, deliveryIds[0]);
			const response = await say(scene, deliveryIds[0], "answer");
			await passDeadline(scene, id);
			await Promise.all([expireRequest(scene.system, id), recordResponse(scene.system, response), expireRequest(scene.system, id)]);
			expect((await readRequest(scene, id)).status).toBe("completed");
			expect(await readResponses(scene, id)).toMatchObject([{ outcome: "accepted" }]);
		}
	});
});
