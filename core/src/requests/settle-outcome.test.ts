import type { AnswerPolicy } from "@agentplanner/contracts";
import { routes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordResponse } from "../responses/record-response.ts";
import { respondToRequest } from "../responses/respond-to-request.ts";
import { buildIntegration } from "../testing.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	deliveriesOf,
	eventsOf,
	failed,
	readDelivery,
	readRequest,
	readResponses,
	say,
	sayAndRecord,
	timersOf,
} from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildDelivered = async (agents: number, answer_policy: AnswerPolicy = { kind: "first" }) => {
	const scene = await buildScene(database.db, agents);
	const { id, deliveryIds } = await askAndDispatch(scene, { answer_policy });
	for (const deliveryId of deliveryIds) await attempt(scene, deliveryId);
	return { scene, id, ids: deliveryIds as [string, string, string], status: async () => (await readRequest(scene, id)).status };
};

describe("first", () => {
	test("the first answer completes the request; the others are superseded and told so, their answers kept", async () => {
		const { scene, id, ids } = await buildDelivered(3);
		await sayAndRecord(scene, ids[1], "answer");
		const request = await readRequest(scene, id);
		expect(request).toMatchObject({ status: "completed", reason: null });
		expect(request.closedAt).not.toBeNull();
		const statuses = (await deliveriesOf(scene, id)).map(({ status }) => status);
		expect(statuses).toEqual(["superseded", "acknowledged", "superseded"]);
		expect((await timersOf(scene, id, ...ids)).map(({ type }) => type)).toEqual([
			"message.delivery.settle.due",
			"message.delivery.settle.due",
		]);
		expect(await eventsOf(scene, ids[0])).toEqual(["delivered", "superseded"]);

		await sayAndRecord(scene, ids[0], "answer", "Me too");
		expect((await readResponses(scene, id)).map(({ outcome }) => outcome)).toEqual(["accepted", "superseded"]);
		expect((await eventsOf(scene, id)).filter((type) => type === "completed")).toHaveLength(1);
	});

	test("of two answers at once one is accepted and one kept as superseded", async () => {
		for (let round = 0; round < 5; round += 1) {
			const { scene, id, ids } = await buildDelivered(2);
			const both = await Promise.all([say(scene, ids[0], "answer"), say(scene, ids[1], "answer")]);
			await Promise.all(both.map((response) => recordResponse(scene.system, response)));
			expect((await readResponses(scene, id)).map(({ outcome }) => outcome).toSorted()).toEqual(["accepted", "superseded"]);
			expect((await eventsOf(scene, id)).filter((type) => type === "completed")).toHaveLength(1);
			expect((await deliveriesOf(scene, id)).map(({ status }) => status).toSorted()).toEqual(["acknowledged", "superseded"]);
		}
	});

	test("a decline waits for the others; when all have declined it is rejected", async () => {
		const { scene, id, ids, status } = await buildDelivered(2);
		await sayAndRecord(scene, ids[0], "declined", "Not my trade");
		expect(await status()).toBe("dispatched");
		await sayAndRecord(scene, ids[1], "declined");
		expect(await readRequest(scene, id)).toMatchObject({ status: "rejected", reason: { code: "declined" } });
		expect((await readResponses(scene, id)).map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
	});

	test("a decline and a dead delivery are rejected: all who answered declined", async () => {
		const scene = await buildScene(database.db, 2);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await attempt(scene, deliveryIds[0]);
		await sayAndRecord(scene, deliveryIds[0], "declined");
		await attempt(scene, deliveryIds[1] ?? "", failed("rejected"));
		expect((await readRequest(scene, id)).status).toBe("rejected");
	});
});

describe("all", () => {
	test("waits for everybody, and a decline is that agent's word", async () => {
		const { scene, ids, status } = await buildDelivered(3, { kind: "all" });
		await sayAndRecord(scene, ids[0], "answer");
		await sayAndRecord(scene, ids[1], "declined");
		expect(await status()).toBe("dispatched");
		await sayAndRecord(scene, ids[2], "answer");
		expect(await status()).toBe("completed");
		for (const id of ids) expect((await readDelivery(scene, id)).status).toBe("acknowledged");
	});

	test("fails with the number that came once somebody can't be reached; the answers are kept", async () => {
		const scene = await buildScene(database.db, 2);
		const { id, deliveryIds } = await askAndDispatch(scene, { answer_policy: { kind: "all" } });
		await attempt(scene, deliveryIds[0]);
		await sayAndRecord(scene, deliveryIds[0], "answer");
		await attempt(scene, deliveryIds[1] ?? "", failed("rejected"));
		expect(await readRequest(scene, id)).toMatchObject({
			status: "failed",
			reason: { code: "policy_unmet", message: expect.stringContaining("2 answers were needed and 1 came") },
		});
		expect(await readResponses(scene, id)).toMatchObject([{ outcome: "accepted" }]);
	});
});

describe("quorum", () => {
	test("completes with the last answer it needs, and supersedes the rest", async () => {
		const { scene, ids, status } = await buildDelivered(3, { kind: "quorum", count: 2 });
		await sayAndRecord(scene, ids[0], "answer");
		expect(await status()).toBe("dispatched");
		await sayAndRecord(scene, ids[2], "answer");
		expect(await status()).toBe("completed");
		expect((await readDelivery(scene, ids[1])).status).toBe("superseded");
	});

	test("fails as soon as declines put it out of reach", async () => {
		const { scene, id, ids } = await buildDelivered(3, { kind: "quorum", count: 2 });
		await sayAndRecord(scene, ids[0], "answer");
		await sayAndRecord(scene, ids[1], "declined");
		expect((await readRequest(scene, id)).status).toBe("dispatched");
		await sayAndRecord(scene, ids[2], "declined");
		expect(await readRequest(scene, id)).toMatchObject({ status: "failed", reason: { code: "policy_unmet" } });
	});

	test("of three answers at once two complete it", async () => {
		const { scene, id, ids } = await buildDelivered(3, { kind: "quorum", count: 2 });
		const responses = await Promise.all(ids.map((deliveryId) => say(scene, deliveryId, "answer")));
		await Promise.all(responses.map((response) => recordResponse(scene.system, response)));
		expect((await readResponses(scene, id)).map(({ outcome }) => outcome).toSorted()).toEqual(["accepted", "accepted", "superseded"]);
		expect((await eventsOf(scene, id)).filter((type) => type === "completed")).toHaveLength(1);
	});
});

describe("who is counted", () => {
	test("an agent's first word: its second is kept and changes nothing", async () => {
		const { scene, id, ids, status } = await buildDelivered(2, { kind: "all" });
		await sayAndRecord(scene, ids[0], "answer", "One");
		await sayAndRecord(scene, ids[0], "declined", "No, after all");
		await sayAndRecord(scene, ids[0], "answer", "Two");
		expect(await status()).toBe("dispatched");
		expect((await readResponses(scene, id)).map(({ outcome }) => outcome)).toEqual(["accepted", "superseded", "superseded"]);
	});

	test("the routes of one agent are copies: its first answer supersedes the rest, and it counts once", async () => {
		const scene = await buildScene(database.db, 2);
		const second = await buildIntegration(database.db, scene.projectId);
		const [agent, other] = scene.agents;
		await database.db.orm
			.insert(routes)
			.values({ projectId: scene.projectId, agentId: agent?.id ?? "", integrationId: second.id, position: 1 });
		const { id } = await askAndDispatch(scene, { answer_policy: { kind: "all" } });
		const deliveries = await deliveriesOf(scene, id);
		expect(deliveries).toHaveLength(3);
		const [one, copy] = deliveries.filter(({ agentId }) => agentId === agent?.id) as unknown as [{ id: string }, { id: string }];
		const others = deliveries.find(({ agentId }) => agentId === other?.id);
		// A copy that died doesn't hurt as long as another one can bring the answer.
		await attempt(scene, copy.id, failed("unavailable"));
		await attempt(scene, one.id);
		await sayAndRecord(scene, one.id, "answer");
		expect((await readDelivery(scene, copy.id)).status).toBe("superseded");
		expect(await timersOf(scene, copy.id)).toEqual([]);
		expect((await readDelivery(scene, others?.id ?? "")).status).toBe("queued");
		expect((await readRequest(scene, id)).status).toBe("dispatched");
		await attempt(scene, others?.id ?? "");
		await sayAndRecord(scene, others?.id ?? "", "answer");
		expect((await readRequest(scene, id)).status).toBe("completed");
	});

	test("people where a route is a channel without an agent, each address for itself", async () => {
		const scene = await buildScene(database.db, 0);
		const targets = ["C1", "C2"].map((address) => ({ integration_id: scene.integration.id, address }));
		const { id } = await askAndDispatch(scene, { targets, answer_policy: { kind: "all" } });
		for (const { id: deliveryId } of await deliveriesOf(scene, id)) {
			expect((await readRequest(scene, id)).status).toBe("dispatched");
			await attempt(scene, deliveryId);
			await sayAndRecord(scene, deliveryId, "answer");
		}
		expect((await readRequest(scene, id)).status).toBe("completed");
	});

	test.each([{ kind: "all" }, { kind: "quorum", count: 2 }] as const)("a person's own answer is final under $kind", async (policy) => {
		const { scene, id, ids } = await buildDelivered(2, policy);
		const decline = await respondToRequest(scene.owner, id, { type: "declined", text: "Not yet" });
		await recordResponse(scene.system, decline.response?.id ?? "");
		expect((await readRequest(scene, id)).status).toBe("dispatched");
		const { response } = await respondToRequest(scene.owner, id, { type: "answer", text: "I found it" });
		await recordResponse(scene.system, response?.id ?? "");
		expect((await readRequest(scene, id)).status).toBe("completed");
		for (const deliveryId of ids) expect((await readDelivery(scene, deliveryId)).status).toBe("superseded");
	});
});
