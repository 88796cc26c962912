import { outbox, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, UnauthorizedError, UnprocessableError } from "../errors.ts";
import { enableIntegration } from "../integrations/enable-integration.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import {
	agentContext,
	askAndDispatch,
	attempt,
	buildScene,
	eventsOf,
	readDelivery,
	readRequest,
	readResponses,
	timersOf,
} from "../requests/testing.ts";
import { buildContext, buildMember } from "../testing.ts";
import { respondToRequest } from "./respond-to-request.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildDelivered = async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0]);
	return { scene, id, deliveryId: deliveryIds[0], agent: await agentContext(scene, deliveryIds[0]) };
};
const answer = { type: "answer", text: "Ship it" } as const;

describe("an agent", () => {
	test("needn't wait while its channel is being enabled", async () => {
		const scene = await buildScene(database.db, 1, { enabled: false });
		const { id, deliveryIds } = await askAndDispatch(scene);
		const agent = await agentContext(scene, deliveryIds[0]);
		await inTransaction(scene.owner, async (tx) => {
			await enableIntegration(tx, scene.integration.id);
			await respondToRequest(agent, id, answer);
		});
		expect(await readResponses(scene, id)).toHaveLength(1);
	});

	test("is heard: the response, its event with an outbox row, and a timer behind both; nothing is applied yet", async () => {
		const { scene, id, deliveryId, agent } = await buildDelivered();
		const { response, request_status } = await respondToRequest(agent, id, answer);
		expect(response).toMatchObject({
			agent_request_id: id,
			delivery_id: deliveryId,
			agent_id: scene.agents[0]?.id,
			text: "Ship it",
			outcome: "received",
		});
		expect(request_status).toBe("dispatched");
		expect(await readResponses(scene, id)).toMatchObject([
			{ respondent: `agent:${scene.agents[0]?.id}`, respondentName: scene.agents[0]?.name, appliedAt: null },
		]);
		const [timer] = await timersOf(scene, response?.id ?? "");
		expect(timer?.type).toBe("agent.response.record.due");
		const { rows } = await database.db.orm.execute(
			sql`select from ${outbox} o join events e on e.id = o.event_id where e.subject_id = ${response?.id}`,
		);
		expect(rows).toHaveLength(1);
	});

	test("who repeats itself is stored once, also twenty times at once, and gets the same row", async () => {
		const { scene, id, agent } = await buildDelivered();
		const replies = await Promise.all(Array.from({ length: 20 }, () => respondToRequest(agent, id, answer)));
		expect(new Set(replies.map(({ response }) => response?.id)).size).toBe(1);
		expect(await readResponses(scene, id)).toHaveLength(1);
		expect(await eventsOf(scene, replies[0]?.response?.id ?? "")).toEqual(["received"]);
	});

	test("numbers what it says if it likes: the number decides, not the words", async () => {
		const { scene, id, agent } = await buildDelivered();
		const first = await respondToRequest(agent, id, { ...answer, id: "1" });
		const again = await respondToRequest(agent, id, { type: "answer", text: "Other words", id: "1" });
		expect(again.response).toEqual(first.response);
		await respondToRequest(agent, id, { ...answer, id: "2" });
		expect(await readResponses(scene, id)).toHaveLength(2);
	});

	test("after the end is heard twenty times more, and then gets a 409; a repeat is still told from a new one", async () => {
		const { scene, id, agent } = await buildDelivered();
		await respondToRequest(agent, id, { ...answer, text: "In time" });
		await cancelRequest(scene.owner, id);
		const say = (number: number) => respondToRequest(agent, id, { ...answer, text: `Late ${number}` });
		const replies = await Promise.allSettled(Array.from({ length: 25 }, (_, number) => say(number)));
		const refused = replies.flatMap((reply) => (reply.status === "rejected" ? [reply.reason] : []));
		expect(refused.map((error) => error instanceof ConflictError && /20 responses/.test(error.message))).toEqual(Array(5).fill(true));
		expect(await readResponses(scene, id)).toHaveLength(21);
		expect((await respondToRequest(agent, id, { ...answer, text: "In time" })).response?.text).toBe("In time");
		await respondToRequest(scene.owner, id, { ...answer, text: "Somebody else" });
		expect(await readResponses(scene, id)).toHaveLength(22);
	});

	test("different words, kinds and agents are different responses", async () => {
		const scene = await buildScene(database.db, 2);
		const { id, deliveryIds } = await askAndDispatch(scene);
		const [one, other] = [await agentContext(scene, deliveryIds[0]), await agentContext(scene, deliveryIds[1] ?? "")];
		await respondToRequest(one, id, answer);
		await respondToRequest(one, id, { ...answer, text: "Wait" });
		await respondToRequest(one, id, { type: "input_required", text: "Ship it" });
		await respondToRequest(other, id, answer);
		expect(await readResponses(scene, id)).toHaveLength(4);
	});

	test("may also speak after the end; working is then refused", async () => {
		const { scene, id, agent } = await buildDelivered();
		await cancelRequest(scene.owner, id);
		expect(await respondToRequest(agent, id, answer)).toMatchObject({ request_status: "cancelled", response: { outcome: "received" } });
		await expect(respondToRequest(agent, id, { type: "working", text: "" })).rejects.toThrow(ConflictError);
	});

	test("says working and how far it is; that is no response", async () => {
		const { scene, id, deliveryId, agent } = await buildDelivered();
		expect(await respondToRequest(agent, id, { type: "working", text: "" })).toEqual({
			response: null,
			decision_id: null,
			request_status: "working",
		});
		await respondToRequest(agent, id, { type: "working", text: "Half of it" });
		expect(await readRequest(scene, id)).toMatchObject({ status: "working", progress: "Half of it" });
		expect((await readDelivery(scene, deliveryId)).status).toBe("acknowledged");
		expect((await eventsOf(scene, id)).slice(2)).toEqual(["working", "progressed"]);
		expect(await readResponses(scene, id)).toEqual([]);
	});
});

describe("a member", () => {
	test("answers or declines, in the member's own name", async () => {
		const { scene, id } = await buildDelivered();
		const { response } = await respondToRequest(scene.owner, id, answer);
		expect(response).toMatchObject({ delivery_id: null, agent_id: null, respondent: "owner" });
		expect((await readResponses(scene, id))[0]?.respondent).toMatch(/^user:/);
	});

	test("doesn't ask back", async () => {
		const { scene, id } = await buildDelivered();
		await expect(respondToRequest(scene.owner, id, { type: "input_required", text: "?" })).rejects.toThrow(UnprocessableError);
		expect(await readResponses(scene, id)).toEqual([]);
	});
});

test("not a viewer, a stranger, nobody, nor an agent with the token of another request", async () => {
	const { scene, id } = await buildDelivered();
	await expect(respondToRequest(await buildMember(database.db, scene.projectId, "viewer"), id, answer)).rejects.toThrow(ForbiddenError);
	const stranger = await buildScene(database.db);
	await expect(respondToRequest(stranger.owner, id, answer)).rejects.toThrow(NotFoundError);
	await expect(respondToRequest({ ...stranger.owner, projectId: scene.projectId }, id, answer)).rejects.toThrow(NotFoundError);
	const nobody = { ...buildContext(database.db, { type: "anonymous" }), projectId: scene.projectId };
	await expect(respondToRequest(nobody, id, answer)).rejects.toThrow(UnauthorizedError);
	const other = await askAndDispatch(scene);
	for (const input of [answer, { type: "working", text: "" }] as const)
		await expect(respondToRequest(await agentContext(scene, other.deliveryIds[0]), id, input)).rejects.toThrow(UnauthorizedError);
	expect(await readResponses(scene, id)).toEqual([]);
	expect((await readRequest(scene, id)).status).toBe("dispatched");
});
