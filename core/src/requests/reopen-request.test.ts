import { sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { retryDelivery } from "../deliveries/retry-delivery.ts";
import { finishSettlement, readSettlement } from "../deliveries/settle-delivery.ts";
import { recordResponse } from "../responses/record-response.ts";
import { respondToRequest } from "../responses/respond-to-request.ts";
import { expireRequest } from "./expire-request.ts";
import { replyToAgent } from "./reply-to-agent.ts";
import {
	agentContext,
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
	type Scene,
	say,
	sayAndRecord,
	timersOf,
} from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Of the first agent the delivery is dead, so that replaying it reopens the request. */
const buildHalfDead = async (agents = 2) => {
	const scene = await buildScene(database.db, agents);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0], failed("rejected"));
	return { scene, id, dead: deliveryIds[0], other: deliveryIds[1] ?? "", third: deliveryIds[2] ?? "" };
};
const expire = async (scene: Scene, id: string) => {
	await passDeadline(scene, id);
	await expireRequest(scene.system, id);
	expect((await readRequest(scene, id)).status).toBe("expired");
};
const tell = async (scene: Scene, deliveryId: string) => {
	expect(await readSettlement(scene.system, deliveryId)).not.toBeNull();
	await finishSettlement(scene.system, deliveryId);
};

describe("what came too late", () => {
	test("is judged once the request is open again, and its agent isn't asked a second time", async () => {
		const { scene, id, dead, other } = await buildHalfDead();
		await attempt(scene, other);
		await expire(scene, id);
		await tell(scene, other);
		const late = await sayAndRecord(scene, other, "answer", "Late");
		expect(await readResponses(scene, id)).toMatchObject([{ outcome: "superseded" }]);

		await retryDelivery(scene.owner, dead);
		expect(await readResponses(scene, id)).toMatchObject([{ outcome: "received", appliedAt: null }]);
		expect(await timersOf(scene, late)).toMatchObject([{ type: "agent.response.record.due" }]);
		expect(await eventsOf(scene, late)).toEqual(["received", "applied", "received"]);
		expect(await deliveriesOf(scene, id)).toHaveLength(2);
		await recordResponse(scene.system, late);
		expect((await readRequest(scene, id)).status).toBe("completed");
		expect(await readResponses(scene, id)).toMatchObject([{ outcome: "accepted" }]);
	});

	test("also where it began to be applied before the end, and had to wait for that", async () => {
		const { scene, id, dead, other } = await buildHalfDead();
		await attempt(scene, other);
		await passDeadline(scene, id);
		const word = await say(scene, other, "answer");
		await inTransaction(scene.system, async (tx) => {
			await tx.db.execute(sql`select now()`);
			await expireRequest(scene.system, id);
			await recordResponse(tx, word);
		});
		expect(await readResponses(scene, id)).toMatchObject([{ outcome: "superseded" }]);
		await retryDelivery(scene.owner, dead);
		expect(await readResponses(scene, id)).toMatchObject([{ outcome: "received" }]);
	});

	test("a question, too", async () => {
		const { scene, id, dead, other } = await buildHalfDead();
		await attempt(scene, other);
		await expire(scene, id);
		const late = await sayAndRecord(scene, other, "input_required", "Which?");
		await retryDelivery(scene.owner, dead);
		await recordResponse(scene.system, late);
		expect(await readRequest(scene, id)).toMatchObject({ status: "input_required", inputQuestion: "Which?" });
	});

	test("but what was superseded while it was open stays so", async () => {
		const scene = await buildScene(database.db, 2);
		const { id, deliveryIds } = await askAndDispatch(scene, { answer_policy: { kind: "all" } });
		await attempt(scene, deliveryIds[1] ?? "");
		await sayAndRecord(scene, deliveryIds[1] ?? "", "answer", "First");
		await sayAndRecord(scene, deliveryIds[1] ?? "", "answer", "Second");
		await attempt(scene, deliveryIds[0], failed("rejected"));
		expect((await readRequest(scene, id)).status).toBe("failed");
		await retryDelivery(scene.owner, deliveryIds[0]);
		expect((await readResponses(scene, id)).map(({ outcome }) => outcome)).toEqual(["accepted", "superseded"]);
	});
});

describe("whoever was still asked", () => {
	test("and has been told to stop is asked anew under a new key; once, however often it is reopened", async () => {
		const { scene, id, dead, other } = await buildHalfDead();
		await attempt(scene, other);
		await expire(scene, id);
		await tell(scene, other);
		await retryDelivery(scene.owner, dead);
		expect(await readDelivery(scene, other)).toMatchObject({ status: "cancelled" });
		const anew = (await deliveriesOf(scene, id)).filter((delivery) => delivery.id !== dead && delivery.id !== other);
		const { deadlineAt } = await readRequest(scene, id);
		expect(anew).toMatchObject([
			{
				...{ status: "queued", kind: "request", agentId: scene.agents[1]?.id, integrationId: scene.integration.id },
				content: { kind: "request", deadline_at: deadlineAt.toISOString() },
			},
		]);
		const [first] = anew.map((delivery) => delivery.id) as [string];
		expect(await timersOf(scene, first)).toMatchObject([{ type: "message.delivery.due" }]);
		expect(await eventsOf(scene, first)).toEqual(["queued"]);

		await attempt(scene, first);
		await attempt(scene, dead, failed("rejected"));
		await expire(scene, id);
		await tell(scene, first);
		await retryDelivery(scene.owner, dead);
		expect(await deliveriesOf(scene, id)).toHaveLength(4);
		const [second] = (await deliveriesOf(scene, id)).filter(({ status, id }) => status === "queued" && id !== dead);
		await attempt(scene, second?.id ?? "");
		await sayAndRecord(scene, second?.id ?? "", "answer");
		expect((await readRequest(scene, id)).status).toBe("completed");
	});

	test("and may not have heard of the end goes on, and nothing is said to have been delivered again", async () => {
		const { scene, id, dead, other } = await buildHalfDead();
		await attempt(scene, other);
		await expire(scene, id);
		await retryDelivery(scene.owner, dead);
		expect(await readDelivery(scene, other)).toMatchObject({ status: "delivered" });
		expect(await eventsOf(scene, other)).toEqual(["delivered", "cancelled", "revived"]);
		expect(await timersOf(scene, other)).toEqual([]);
	});

	test("by what may have arrived is looked for again, and by what never left is sent", async () => {
		const { scene, id, dead, other, third } = await buildHalfDead(3);
		await attempt(scene, other, failed("unavailable", { mayHaveBeenAccepted: true }));
		await expire(scene, id);
		await retryDelivery(scene.owner, dead);
		expect(await readDelivery(scene, other)).toMatchObject({ status: "unknown" });
		expect(await readDelivery(scene, third)).toMatchObject({ status: "queued" });
		expect(await claim(scene, other)).toMatchObject({ uncertainSince: expect.any(Date) });
		expect(await claim(scene, third)).toMatchObject({ uncertainSince: null });
	});
});

describe("what an agent still waits to hear", () => {
	const buildAsked = async () => {
		const built = await buildHalfDead();
		await attempt(built.scene, built.other);
		await sayAndRecord(built.scene, built.other, "input_required", "Which press?");
		return built;
	};

	test("is put to a person again", async () => {
		const { scene, id, dead, other } = await buildAsked();
		await expire(scene, id);
		await retryDelivery(scene.owner, dead);
		expect(await readRequest(scene, id)).toMatchObject({
			...{ status: "input_required", inputQuestion: "Which press?", inputDeliveryId: other },
		});
		expect((await eventsOf(scene, id)).slice(-2)).toEqual(["reopened", "input.required"]);
		expect(await readDelivery(scene, other)).toMatchObject({ status: "acknowledged" });
	});

	test("lapses where the agent has been told to stop: it is asked anew", async () => {
		const { scene, id, dead, other } = await buildAsked();
		await expire(scene, id);
		await tell(scene, other);
		await retryDelivery(scene.owner, dead);
		expect((await readRequest(scene, id)).status).toBe("dispatched");
		expect(await deliveriesOf(scene, id)).toHaveLength(3);
	});

	test("is sent on where the reply had not left", async () => {
		const { scene, id, dead } = await buildAsked();
		const reply = await replyToAgent(scene.owner, id, { text: "The local one" });
		await expire(scene, id);
		expect(await readDelivery(scene, reply.delivery_id)).toMatchObject({ status: "cancelled" });
		await retryDelivery(scene.owner, dead);
		expect(await readDelivery(scene, reply.delivery_id)).toMatchObject({ status: "queued" });
		expect((await readRequest(scene, id)).status).toBe("dispatched");
		await attempt(scene, reply.delivery_id);
	});

	test("a dead reply that is replayed after the end reopens the request, and is no open question", async () => {
		const { scene, id } = await buildAsked();
		const reply = await replyToAgent(scene.owner, id, { text: "The local one" });
		await attempt(scene, reply.delivery_id, failed("rejected"));
		await expire(scene, id);
		await retryDelivery(scene.owner, reply.delivery_id);
		expect(await readRequest(scene, id)).toMatchObject({ status: "dispatched", inputQuestion: null });
	});
});

test("a word of an agent with a token of a delivery that was closed still counts", async () => {
	const { scene, id, dead, other } = await buildHalfDead();
	await attempt(scene, other);
	await expire(scene, id);
	await tell(scene, other);
	await retryDelivery(scene.owner, dead);
	await sayAndRecord(scene, other, "input_required", "Again?");
	expect(await readRequest(scene, id)).toMatchObject({ status: "input_required", inputQuestion: "Again?" });
	const { response } = await respondToRequest(await agentContext(scene, other), id, { type: "answer", text: "Yes" });
	await recordResponse(scene.system, response?.id ?? "");
	expect((await readRequest(scene, id)).status).toBe("completed");
});
