import { RespondInput } from "@agentplanner/contracts";
import { eq, messageDeliveries } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { recordOutcome } from "../deliveries/record-outcome.ts";
import { retryDelivery } from "../deliveries/retry-delivery.ts";
import { readSettlement } from "../deliveries/settle-delivery.ts";
import { ConflictError } from "../errors.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { expireRequest } from "../requests/expire-request.ts";
import {
	agentContext,
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	delivered,
	eventsOf,
	passDeadline,
	readRequest,
	type Scene,
	say,
	sayAndRecord,
	timersOf,
} from "../requests/testing.ts";
import { receiveInbound } from "../responses/receive-inbound.ts";
import { respondToRequest } from "../responses/respond-to-request.ts";
import { decide } from "./decide.ts";
import { getDecision } from "./get-decision.ts";
import { listDecisions } from "./list-decisions.ts";
import { messagesOf, requestDecision, tellPeople } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const question = (overrides: object = {}) => RespondInput.parse({ type: "decision_required", text: "Publish it?", ...overrides });

const askInResponse = async (scene: Scene, deliveryId: string, requestId: string, overrides: object = {}) => {
	const { decision_id, ...rest } = await respondToRequest(await agentContext(scene, deliveryId), requestId, question(overrides));
	expect(rest).toEqual({ response: null, request_status: "working" });
	return decision_id ?? "";
};

const decisionsOf = async (scene: Scene) => (await listDecisions(scene.owner, { limit: 99 })).items;

test("an agent asks in its response, goes on working, and gets the outcome where its request went", async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0]);
	const decisionId = await askInResponse(scene, deliveryIds[0], id, {
		details: "Three lines.",
		expires_in_minutes: 90,
		on_expiry: "reject",
		urgency: "informational",
		recommendation: { option_id: "approve", reason: "It is short." },
	});
	const [decision] = await decisionsOf(scene);
	expect(decision).toMatchObject({ id: decisionId, agent_request_id: id, asked_by: scene.agents[0]?.name, details: "Three lines." });
	expect(decision).toMatchObject({ urgency: "informational", recommendation: { option_id: "approve", reason: "It is short." } });
	expect(Date.parse(decision?.expires_at ?? "") - Date.parse(decision?.created_at ?? "")).toBe(90 * 60_000);

	await decide(scene.owner, decisionId, { option_id: "approve", comment: "On Monday." });
	const [outcome] = await messagesOf(scene, decisionId);
	expect(outcome).toMatchObject({
		kind: "decision_outcome",
		agentRequestId: id,
		agentId: scene.agents[0]?.id,
		integrationId: scene.integration.id,
		content: { status: "decided", option: { id: "approve", label: "Approve" }, comment: "On Monday.", closed_by: "owner" },
	});
	await attempt(scene, outcome?.id ?? "");
	// It answers under the token that came with the outcome.
	await say(scene, outcome?.id ?? "", "answer", "Published.");
	expect((await readRequest(scene, id)).status).toBe("working");
});

test("a repeat is the decision that is there, whichever way it comes; after an outcome the same words are another one", async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	const first = await Promise.all(Array.from({ length: 5 }, () => askInResponse(scene, deliveryIds[0], id)));
	expect(new Set(first).size).toBe(1);
	const adapter: ProjectContext = { ...scene.system, actor: { type: "adapter", adapter: "webhook", integrationId: scene.integration.id } };
	const { type, text, id: _, ...ask } = question() as Extract<RespondInput, { type: "decision_required" }>;
	const inbound = { type, text, externalId: null, deliveryId: deliveryIds[0], author: null, ask };
	await receiveInbound(adapter, scene.integration.id, [inbound, { ...inbound, externalId: "another" }]);
	expect(await decisionsOf(scene)).toHaveLength(2);

	await decide(scene.owner, first[0] ?? "", { option_id: "reject", comment: "" });
	expect(await askInResponse(scene, deliveryIds[0], id)).not.toBe(first[0]);
	expect(await decisionsOf(scene)).toHaveLength(3);
});

test("an agent asks in the HTTP response of its message", async () => {
	const scene = await buildScene(database.db);
	const { deliveryIds } = await askAndDispatch(scene);
	const { type, text, id: _, ...ask } = question() as Extract<RespondInput, { type: "decision_required" }>;
	const inbound = [{ type, text, externalId: null, deliveryId: deliveryIds[0], author: null, ask }];
	expect(await recordOutcome(scene.system, await claim(scene, deliveryIds[0]), delivered({ inbound }))).toBe(true);
	expect(await decisionsOf(scene)).toMatchObject([{ question: "Publish it?", status: "pending" }]);
});

describe("the end of its request", () => {
	/** One that was asked, with word to people that has arrived, and one that a person requested within the same request. */
	const buildPending = async (expiry: object = {}) => {
		const scene = await buildScene(database.db);
		await tellPeople(scene);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await attempt(scene, deliveryIds[0]);
		const decisionId = await askInResponse(scene, deliveryIds[0], id, expiry);
		const [word] = await messagesOf(scene, decisionId);
		if (!word) throw new Error("Nobody was told.");
		await attempt(scene, word.id, delivered({ receipt: { platformId: "m1" } }));
		return { scene, id, deliveryId: deliveryIds[0], decisionId, wordId: word.id };
	};

	test("cancels what its agent has asked, whose card is rewritten; what a person asked stays", async () => {
		const { scene, id, deliveryId, decisionId, wordId } = await buildPending({ expires_in_minutes: 60 });
		const { id: persons } = await requestDecision(scene, { agent_request_id: id });
		await cancelRequest(scene.owner, id);
		const closed = await getDecision(scene.owner, decisionId);
		expect(closed.decision).toMatchObject({ status: "cancelled", closed_by: null });
		expect(closed.deliveries).toMatchObject([{ id: wordId, kind: "decision", status: "cancelled" }]);
		expect(await eventsOf(scene, decisionId)).toEqual(["requested", "cancelled"]);
		expect(await timersOf(scene, decisionId, wordId)).toMatchObject([{ type: "message.delivery.settle.due" }]);
		expect(await readSettlement(scene.system, wordId)).toMatchObject({
			closing: { status: "cancelled", summary: "Cancelled, since its request has ended." },
		});
		expect((await getDecision(scene.owner, persons)).decision.status).toBe("pending");
		const again = respondToRequest(await agentContext(scene, deliveryId), id, question({ text: "And now?" }));
		await expect(again).rejects.toThrow("already ended");
		await expect(decide(scene.owner, decisionId, { option_id: "approve", comment: "" })).rejects.toThrow("since its request has ended");
	});

	test("is also an answer, and the deadline", async () => {
		const answered = await buildPending();
		await sayAndRecord(answered.scene, answered.deliveryId, "answer", "Published.");
		const late = await buildPending();
		await passDeadline(late.scene, late.id);
		await expireRequest(late.scene.system, late.id);
		for (const { scene, decisionId } of [answered, late])
			expect((await getDecision(scene.owner, decisionId)).decision.status).toBe("cancelled");
	});

	test("comes once: of 20 who decide while it is cancelled none wins beside it, and nobody waits in a circle", async () => {
		for (let round = 0; round < 5; round += 1) {
			const { scene, id, decisionId } = await buildPending();
			const acts = Array.from({ length: 20 }, () => decide(scene.owner, decisionId, { option_id: "approve", comment: "" }));
			const results = await Promise.allSettled([...acts.slice(0, 10), cancelRequest(scene.owner, id), ...acts.slice(10)]);
			const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
			expect(failures.every((error) => error instanceof ConflictError)).toBe(true);
			const { status } = (await getDecision(scene.owner, decisionId)).decision;
			expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(status === "decided" ? 2 : 1);
			expect((await eventsOf(scene, decisionId)).slice(1)).toEqual([status]);
		}
	});

	test("doesn't keep a reopened request's agent from asking the same anew", async () => {
		const { scene, id, deliveryId, decisionId } = await buildPending();
		await passDeadline(scene, id);
		await expireRequest(scene.system, id);
		await database.db.orm.update(messageDeliveries).set({ status: "dead" }).where(eq(messageDeliveries.id, deliveryId));
		await retryDelivery(scene.owner, deliveryId);
		await attempt(scene, deliveryId);
		expect(await askInResponse(scene, deliveryId, id)).not.toBe(decisionId);
	});
});

test("only an agent asks in a response, and no deadline approves what it asked", async () => {
	const scene = await buildScene(database.db);
	const { id } = await askAndDispatch(scene);
	await expect(respondToRequest(scene.owner, id, question())).rejects.toMatchObject({ fields: [{ field: "body.type" }] });
	for (const wrong of [
		{ on_expiry: "approve", expires_in_minutes: 1 },
		{ on_expiry: "reject" },
		{ on_expiry: "escalate" },
		{ recommendation: { option_id: "no" } },
		{ urgency: "soon" },
	])
		expect(RespondInput.safeParse({ type: "decision_required", text: "?", ...wrong }).success).toBe(false);
});
