import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { retryDelivery } from "../deliveries/retry-delivery.ts";
import { ConflictError, ForbiddenError, NotFoundError, UnauthorizedError } from "../errors.ts";
import { buildMember } from "../testing.ts";
import { acknowledgeRequest, reportProgress } from "./acknowledge-request.ts";
import { cancelRequest } from "./cancel-request.ts";
import { replyToAgent } from "./reply-to-agent.ts";
import {
	agentContext,
	ask,
	askAndDispatch,
	attempt,
	buildScene,
	deliveriesOf,
	eventsOf,
	failed,
	readDelivery,
	readRequest,
	sayAndRecord,
	timersOf,
} from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildAsked = async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0]);
	await sayAndRecord(scene, deliveryIds[0], "input_required", "Which press?");
	return { scene, id, deliveryId: deliveryIds[0] };
};

describe("replyToAgent", () => {
	test("makes a delivery of kind reply on the same route, with its timer and wake-up", async () => {
		const { scene, id, deliveryId } = await buildAsked();
		const reply = await replyToAgent(scene.owner, id, { text: "The local one" });
		expect(reply).toMatchObject({ text: "The local one", from: "owner" });
		const asked = await readDelivery(scene, deliveryId);
		expect(await readDelivery(scene, reply.delivery_id)).toMatchObject({
			kind: "reply",
			status: "queued",
			agentRequestId: id,
			integrationId: asked.integrationId,
			agentId: asked.agentId,
			address: asked.address,
			content: { kind: "reply", in_reply_to: "Which press?", text: "The local one", from: "owner", agent_request_id: id },
		});
		expect(await timersOf(scene, reply.delivery_id)).toMatchObject([{ type: "message.delivery.due" }]);
		expect(await eventsOf(scene, reply.delivery_id)).toEqual(["queued"]);
		expect((await eventsOf(scene, id)).slice(-2)).toEqual(["replied", "working"]);
	});

	test("of two replies at once one is sent, the other hears that nobody waits", async () => {
		const { scene, id } = await buildAsked();
		const results = await Promise.allSettled(["One", "Two"].map((text) => replyToAgent(scene.owner, id, { text })));
		expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
		expect(await deliveriesOf(scene, id)).toHaveLength(2);
	});

	test("is refused where nobody asked, and after the end", async () => {
		const scene = await buildScene(database.db);
		const { id } = await askAndDispatch(scene);
		await expect(replyToAgent(scene.owner, id, { text: "?" })).rejects.toThrow(ConflictError);
		const asked = await buildAsked();
		await cancelRequest(asked.scene.owner, asked.id);
		await expect(replyToAgent(asked.scene.owner, asked.id, { text: "?" })).rejects.toThrow("cancelled");
	});

	test("a reply that dies leaves its question open, with the reason, until it is replayed or another one is given", async () => {
		const { scene, id, deliveryId } = await buildAsked();
		const reply = await replyToAgent(scene.owner, id, { text: "The local one" });
		await attempt(scene, reply.delivery_id, failed("rejected"));
		expect((await readDelivery(scene, reply.delivery_id)).status).toBe("dead");
		const waiting = {
			status: "input_required",
			inputQuestion: "Which press?",
			inputDeliveryId: deliveryId,
			reason: { code: "reply_undelivered", message: expect.stringContaining("It was rejected.") },
		};
		expect(await readRequest(scene, id)).toMatchObject(waiting);
		expect((await eventsOf(scene, id)).slice(-2)).toEqual(["working", "input.required"]);
		await retryDelivery(scene.owner, reply.delivery_id);
		expect(await readRequest(scene, id)).toMatchObject({ status: "working", inputQuestion: null, reason: null });
		await attempt(scene, reply.delivery_id, failed("rejected"));
		expect(await readRequest(scene, id)).toMatchObject(waiting);
		const second = await replyToAgent(scene.owner, id, { text: "The other one" });
		await attempt(scene, second.delivery_id);
		expect(await readRequest(scene, id)).toMatchObject({ status: "working", reason: null });
		expect(await timersOf(scene, id)).toMatchObject([{ type: "agent.request.deadline.due" }]);
	});

	test("not by a viewer, an agent, a stranger, or from another project", async () => {
		const { scene, id, deliveryId } = await buildAsked();
		const reply = { text: "Mine" };
		await expect(replyToAgent(await buildMember(database.db, scene.projectId, "viewer"), id, reply)).rejects.toThrow(ForbiddenError);
		await expect(replyToAgent(await agentContext(scene, deliveryId), id, reply)).rejects.toThrow(ForbiddenError);
		const stranger = await buildScene(database.db);
		await expect(replyToAgent(stranger.owner, id, reply)).rejects.toThrow(NotFoundError);
		await expect(replyToAgent({ ...stranger.owner, projectId: scene.projectId }, id, reply)).rejects.toThrow(NotFoundError);
		expect((await readRequest(scene, id)).status).toBe("input_required");
	});
});

describe("acknowledgeRequest and reportProgress", () => {
	test("the first word sets it working, once; progress keeps the last word", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await attempt(scene, deliveryIds[0]);
		const agent = await agentContext(scene, deliveryIds[0]);
		await Promise.all(Array.from({ length: 5 }, () => acknowledgeRequest(agent, id)));
		expect((await eventsOf(scene, id)).slice(2)).toEqual(["working"]);
		expect(await eventsOf(scene, deliveryIds[0])).toEqual(["delivered", "acknowledged"]);
		await reportProgress(agent, id.toUpperCase(), { text: "Half" });
		expect(await reportProgress(agent, id, { text: "Most" })).toMatchObject({ status: "working", progress: "Most" });
	});

	test("while it waits for a person it goes on waiting", async () => {
		const { scene, id, deliveryId } = await buildAsked();
		expect(await reportProgress(await agentContext(scene, deliveryId), id, { text: "Meanwhile" })).toMatchObject({
			status: "input_required",
			progress: "Meanwhile",
			input_question: "Which press?",
		});
	});

	test("before it is dispatched a member's progress is kept, and it stays queued", async () => {
		const scene = await buildScene(database.db);
		const { id } = await ask(scene);
		expect(await reportProgress(scene.owner, id, { text: "I look" })).toMatchObject({ status: "queued", progress: "I look" });
	});

	test("refused after the end, to a viewer, in another project, and with another request's token", async () => {
		const { scene, id, deliveryId } = await buildAsked();
		const other = await askAndDispatch(scene);
		await expect(acknowledgeRequest(await agentContext(scene, other.deliveryIds[0]), id)).rejects.toThrow(UnauthorizedError);
		await expect(acknowledgeRequest(await buildMember(database.db, scene.projectId, "viewer"), id)).rejects.toThrow(ForbiddenError);
		await expect(acknowledgeRequest((await buildScene(database.db)).owner, id)).rejects.toThrow(NotFoundError);
		await sayAndRecord(scene, deliveryId, "answer");
		await expect(reportProgress(await agentContext(scene, deliveryId), id, { text: "More" })).rejects.toThrow(ConflictError);
	});
});
