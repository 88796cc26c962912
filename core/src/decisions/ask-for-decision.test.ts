import { RespondInput } from "@agentplanner/contracts";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { recordOutcome } from "../deliveries/record-outcome.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { agentContext, askAndDispatch, attempt, buildScene, claim, delivered, readRequest, type Scene, say } from "../requests/testing.ts";
import { receiveInbound } from "../responses/receive-inbound.ts";
import { respondToRequest } from "../responses/respond-to-request.ts";
import { cancelDecision } from "./cancel-decision.ts";
import { decide } from "./decide.ts";
import { listDecisions } from "./list-decisions.ts";
import { messagesOf } from "./testing.ts";

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
	});
	const [decision] = await decisionsOf(scene);
	expect(decision).toMatchObject({ id: decisionId, agent_request_id: id, asked_by: scene.agents[0]?.name, details: "Three lines." });
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

test("once its request has ended an agent asks nobody, and hears of no outcome", async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	const decisionId = await askInResponse(scene, deliveryIds[0], id);
	await cancelRequest(scene.owner, id);
	await expect(respondToRequest(await agentContext(scene, deliveryIds[0]), id, question({ text: "And now?" }))).rejects.toThrow(
		"already ended",
	);
	expect(await cancelDecision(scene.owner, decisionId)).toMatchObject({ status: "cancelled" });
	expect(await messagesOf(scene, decisionId)).toEqual([]);
});

test("only an agent asks in a response, and no deadline approves what it asked", async () => {
	const scene = await buildScene(database.db);
	const { id } = await askAndDispatch(scene);
	await expect(respondToRequest(scene.owner, id, question())).rejects.toMatchObject({ fields: [{ field: "body.type" }] });
	for (const wrong of [{ on_expiry: "approve", expires_in_minutes: 1 }, { on_expiry: "reject" }, { on_expiry: "escalate" }])
		expect(RespondInput.safeParse({ type: "decision_required", text: "?", ...wrong }).success).toBe(false);
});
