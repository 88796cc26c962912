import { eq, messageDeliveries, type Transaction } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getAgent } from "../agents/get-agent.ts";
import { recordOutcome } from "../deliveries/record-outcome.ts";
import { enableIntegration } from "../integrations/enable-integration.ts";
import { replyToAgent } from "../requests/reply-to-agent.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	deliveriesOf,
	eventsOf,
	failed,
	readDelivery,
	readRequest,
	readResponses,
	say,
	sayAndRecord,
	timersOf,
} from "../requests/testing.ts";
import { recordResponse } from "./record-response.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildDelivered = async (agents = 1, overrides?: Parameters<typeof askAndDispatch>[1]) => {
	const scene = await buildScene(database.db, agents);
	const { id, deliveryIds } = await askAndDispatch(scene, overrides);
	for (const deliveryId of deliveryIds) await attempt(scene, deliveryId);
	return { scene, id, ids: deliveryIds as [string, string, string] };
};

test("an answer is applied once, however often it is woken: outcome, events, timers and the delivery's proof of arrival", async () => {
	const { scene, id, ids } = await buildDelivered();
	const response = await say(scene, ids[0], "answer");
	await Promise.all(Array.from({ length: 10 }, () => recordResponse(scene.system, response)));
	expect(await readResponses(scene, id)).toMatchObject([{ outcome: "accepted", appliedAt: expect.any(Date) }]);
	expect(await eventsOf(scene, response)).toEqual(["received", "applied"]);
	expect(await timersOf(scene, response, ids[0], id)).toEqual([]);
	expect(await eventsOf(scene, ids[0])).toEqual(["delivered", "acknowledged"]);
	expect((await eventsOf(scene, id)).slice(2)).toEqual(["completed"]);
	expect(await getAgent(scene.owner, scene.agents[0]?.id ?? "")).toMatchObject({ last_seen_at: expect.any(String) });
});

test("another project's response, or one that isn't there, is nothing to do", async () => {
	const { scene, id, ids } = await buildDelivered();
	const response = await say(scene, ids[0], "answer");
	await recordResponse((await buildScene(database.db)).system, response);
	await recordResponse(scene.system, id);
	expect(await readResponses(scene, id)).toMatchObject([{ outcome: "received", appliedAt: null }]);
});

test("an answer proves that a delivery arrived whose attempt failed, and it is sent no more", async () => {
	for (const outcome of [null, failed("unavailable"), failed("unavailable", { mayHaveBeenAccepted: true })]) {
		const scene = await buildScene(database.db);
		const { deliveryIds } = await askAndDispatch(scene);
		if (outcome) await attempt(scene, deliveryIds[0], outcome);
		await sayAndRecord(scene, deliveryIds[0], "answer");
		expect(await readDelivery(scene, deliveryIds[0])).toMatchObject({ status: "acknowledged", nextAttemptAt: null, reason: null });
		expect(await timersOf(scene, deliveryIds[0])).toEqual([]);
	}
});

test("whoever takes the same deliveries in the order of ids is never waited for in a circle", async () => {
	const scene = await buildScene(database.db, 2);
	const { id, deliveryIds } = await askAndDispatch(scene);
	const [lower, higher] = deliveryIds.toSorted() as [string, string];
	const response = await say(scene, higher, "answer");
	const lock = (tx: Transaction, deliveryId: string) =>
		tx.select().from(messageDeliveries).where(eq(messageDeliveries.id, deliveryId)).for("update");
	const recording = await database.db.orm.transaction(async (tx) => {
		await lock(tx, lower);
		const recording = recordResponse(scene.system, response);
		recording.catch(() => {});
		await new Promise((resolve) => setTimeout(resolve, 300));
		await lock(tx, higher);
		return { ended: recording };
	});
	await recording.ended;
	expect((await readRequest(scene, id)).status).toBe("completed");
});

test("answers applied while their integration is enabled never end in a deadlock", async () => {
	for (let round = 0; round < 5; round += 1) {
		const scene = await buildScene(database.db, 4, { enabled: false });
		const { id, deliveryIds } = await askAndDispatch(scene);
		const response = await say(scene, deliveryIds[3] ?? "", "answer");
		await Promise.all([recordResponse(scene.system, response), enableIntegration(scene.owner, scene.integration.id)]);
		expect((await readRequest(scene, id)).status).toBe("completed");
	}
});

describe("working ⇄ input_required", () => {
	test("an agent's question waits for a person, whose reply goes where it came from; then it works again", async () => {
		const { scene, id, ids } = await buildDelivered();
		await sayAndRecord(scene, ids[0], "input_required", "Which press?");
		expect(await readRequest(scene, id)).toMatchObject({
			status: "input_required",
			inputQuestion: "Which press?",
			inputDeliveryId: ids[0],
		});
		expect((await readDelivery(scene, ids[0])).status).toBe("acknowledged");

		const reply = await replyToAgent(scene.owner, id, { text: "The local one" });
		expect(await readRequest(scene, id)).toMatchObject({ status: "working", inputQuestion: null, inputDeliveryId: null });
		await attempt(scene, reply.delivery_id);
		await sayAndRecord(scene, reply.delivery_id, "input_required", "Which press?");
		expect(await readRequest(scene, id)).toMatchObject({ status: "input_required", inputDeliveryId: reply.delivery_id });
		const second = await replyToAgent(scene.owner, id, { text: "Still the local one" });
		await sayAndRecord(scene, second.delivery_id, "answer", "Done");
		expect((await readRequest(scene, id)).status).toBe("completed");
		expect((await readResponses(scene, id)).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
			"input_required accepted",
			"input_required accepted",
			"answer accepted",
		]);
		expect((await eventsOf(scene, id)).slice(2)).toEqual([
			"input.required",
			"replied",
			"working",
			"input.required",
			"replied",
			"working",
			"completed",
		]);
	});

	test("the same question again is one, until a person has replied", async () => {
		const { scene, id, ids } = await buildDelivered();
		const first = await sayAndRecord(scene, ids[0], "input_required", "Which press?");
		expect(await sayAndRecord(scene, ids[0], "input_required", "Which press?")).toBe(first);
		await replyToAgent(scene.owner, id, { text: "The local one" });
		const second = await sayAndRecord(scene, ids[0], "input_required", "Which press?");
		expect(second).not.toBe(first);
		expect((await readRequest(scene, id)).status).toBe("input_required");
	});

	test("what the agent answers by the reply's token isn't a copy of itself: both deliveries stay acknowledged", async () => {
		const { scene, id, ids } = await buildDelivered();
		await sayAndRecord(scene, ids[0], "input_required", "Which press?");
		const reply = await replyToAgent(scene.owner, id, { text: "The local one" });
		await attempt(scene, reply.delivery_id);
		await sayAndRecord(scene, reply.delivery_id, "answer");
		expect((await deliveriesOf(scene, id)).map(({ status }) => status)).toEqual(["acknowledged", "acknowledged"]);
		expect(await timersOf(scene, ids[0], reply.delivery_id)).toEqual([]);
	});

	test("who answers without waiting for the reply takes its question back; another's question stands", async () => {
		const { scene, id, ids } = await buildDelivered(3, { answer_policy: { kind: "all" } });
		await sayAndRecord(scene, ids[0], "input_required", "Which press?");
		await sayAndRecord(scene, ids[1], "answer");
		expect((await readRequest(scene, id)).status).toBe("input_required");
		await sayAndRecord(scene, ids[0], "answer", "Found it");
		expect(await readRequest(scene, id)).toMatchObject({ status: "working", inputQuestion: null });
		await sayAndRecord(scene, ids[2], "answer");
		expect((await readRequest(scene, id)).status).toBe("completed");
	});

	test("two agents ask back: both questions are put to a person, the newest first, and each reply goes to its asker", async () => {
		const { scene, id, ids } = await buildDelivered(3, { answer_policy: { kind: "all" } });
		await sayAndRecord(scene, ids[0], "input_required", "Which press?");
		await sayAndRecord(scene, ids[1], "input_required", "Which paper?");
		await sayAndRecord(scene, ids[2], "input_required", "Which ink?");
		expect(await readRequest(scene, id)).toMatchObject({ inputQuestion: "Which ink?", inputDeliveryId: ids[2] });
		const toThird = await replyToAgent(scene.owner, id, { text: "Black" });
		expect(await readDelivery(scene, toThird.delivery_id)).toMatchObject({ agentId: scene.agents[2]?.id });
		expect(await readRequest(scene, id)).toMatchObject({
			status: "input_required",
			inputQuestion: "Which paper?",
			inputDeliveryId: ids[1],
		});
		await sayAndRecord(scene, ids[1], "answer", "Found it");
		expect(await readRequest(scene, id)).toMatchObject({
			status: "input_required",
			inputQuestion: "Which press?",
			inputDeliveryId: ids[0],
		});
		const toFirst = await replyToAgent(scene.owner, id, { text: "The local one" });
		expect(await readDelivery(scene, toFirst.delivery_id)).toMatchObject({
			agentId: scene.agents[0]?.id,
			content: { in_reply_to: "Which press?" },
		});
		expect(await readRequest(scene, id)).toMatchObject({ status: "working", inputQuestion: null, inputDeliveryId: null });
		expect((await eventsOf(scene, id)).slice(2)).toEqual([
			...["input.required", "input.required", "input.required"],
			...["replied", "input.required", "input.required", "replied", "working"],
		]);
	});

	test("a question while its own attempt runs waits too, and the delivery ends acknowledged", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await askAndDispatch(scene);
		const taken = await claim(scene, deliveryIds[0]);
		await sayAndRecord(scene, deliveryIds[0], "input_required", "Which?");
		expect((await readRequest(scene, id)).status).toBe("input_required");
		await recordOutcome(scene.system, taken, failed("unavailable"));
		expect((await readDelivery(scene, deliveryIds[0])).status).toBe("acknowledged");
	});

	test("a question after the agent's own answer, or after the end, changes nothing", async () => {
		const { scene, id, ids } = await buildDelivered(2, { answer_policy: { kind: "all" } });
		await sayAndRecord(scene, ids[0], "answer");
		await sayAndRecord(scene, ids[0], "input_required", "Or not?");
		expect((await readRequest(scene, id)).status).toBe("dispatched");
		await sayAndRecord(scene, ids[1], "answer");
		await sayAndRecord(scene, ids[1], "input_required", "Well?");
		expect((await readRequest(scene, id)).status).toBe("completed");
		expect((await readResponses(scene, id)).map(({ outcome }) => outcome)).toEqual(["accepted", "superseded", "accepted", "superseded"]);
	});
});
