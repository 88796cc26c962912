import { auditLogs, eq, messageDeliveries, plans, routes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { claimDelivery } from "../deliveries/claim-delivery.ts";
import { getDelivery } from "../deliveries/get-delivery.ts";
import { listDeliveries } from "../deliveries/list-deliveries.ts";
import { retryDelivery } from "../deliveries/retry-delivery.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { replyToAgent } from "../requests/reply-to-agent.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	delivered,
	eventsOf,
	failed,
	readDelivery,
	readRequest,
	type Scene,
	sayAndRecord,
	timersOf,
} from "../requests/testing.ts";
import { buildAgent, buildMember, someContent } from "../testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { discardDeadLetters, restoreDelivery } from "./discard.ts";
import { editAndReplay, getWords } from "./edit-and-replay.ts";
import { listDeadLetters } from "./list-dead-letters.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const giveUp = async () => {
	const scene = await buildScene(database.db);
	const { id: requestId, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0], { ...failed("rejected"), payload: '{"said":1}' });
	return { scene, requestId, id: deliveryIds[0] };
};
/** One without a request, straight in the table. */
const deadOne = async ({ projectId, integration }: Scene, values: Partial<typeof messageDeliveries.$inferInsert> = {}) => {
	const reason = { code: "rejected", message: "No.", remedy: "Shorten it." } as const;
	const row = { projectId, integrationId: integration.id, kind: "text", content: someContent, status: "dead", reason } as const;
	const [made] = await database.db.orm
		.insert(messageDeliveries)
		.values({ ...row, ...values })
		.returning({ id: messageDeliveries.id });
	return made?.id ?? "";
};
const fieldsOf = (doing: Promise<unknown>) =>
	doing.then(
		() => expect.fail("it was sent"),
		({ code, fields }: { code: string; fields: { field: string }[] }) => [code, ...fields.map(({ field }) => field)],
	);

describe("a question that gave up", () => {
	test("goes out with other words as a delivery of its own, and reopens its request; the first stays as it was sent", async () => {
		const { scene, requestId, id } = await giveUp();
		const before = await readDelivery(scene, id);
		expect((await readRequest(scene, requestId)).status).toBe("failed");
		const words = { question: "Which one market?", agent_instructions: "One word." };
		const copy = await editAndReplay(scene.owner, id, words);

		expect(copy).toMatchObject({ status: "queued", replayed_from: id, agent_request_id: requestId, attempt_count: 0, payload_bytes: null });
		expect(copy.id).not.toBe(id);
		const after = await readDelivery(scene, id);
		expect(after).toMatchObject({ status: "dead", content: before.content, payload: before.payload, discardedBy: "owner" });
		expect((await listDeadLetters(scene.owner, { limit: 10, state: "open" })).items).toEqual([]);
		const request = await readRequest(scene, requestId);
		expect(request).toMatchObject({ status: "dispatched", question: "What shall we write?" });

		const claimed = await claim(scene, copy.id);
		expect(claimed.payload).toBeNull();
		expect(claimed.content).toEqual({
			...before.content,
			question: "Which one market?",
			deadline_at: request.deadlineAt.toISOString(),
			context: { ...Object(before.content).context, node: { ...Object(before.content).context.node, agent_instructions: "One word." } },
		});
		expect(await eventsOf(scene, id)).toEqual(["dead", "discarded"]);
		expect(await eventsOf(scene, copy.id)).toEqual(["queued"]);
		const [entry] = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.subjectId, copy.id));
		expect(entry).toMatchObject({ type: "delivery.edited", data: { replayed_from: id, fields: ["question", "agent_instructions"] } });
		expect(await findViolations(scene.system)).toEqual([]);
	});

	test("is answered by the copy, and can be edited again where that gives up", async () => {
		const { scene, requestId, id } = await giveUp();
		const copy = await editAndReplay(scene.owner, id, { question: "Which?" });
		await attempt(scene, copy.id, failed("rejected"));
		expect(await getWords(scene.owner, copy.id)).toMatchObject({ question: "Which?", agent_instructions: expect.any(String) });
		const second = await editAndReplay(scene.owner, copy.id, { question: "Which now?" });
		await attempt(scene, second.id, delivered());
		await sayAndRecord(scene, second.id, "answer");
		expect((await readRequest(scene, requestId)).status).toBe("completed");
		expect(await findViolations(scene.system)).toEqual([]);
	});

	test("isn't sent with other words either where others read along what has become private", async () => {
		const scene = await buildScene(database.db, 0);
		const { projectId } = scene;
		await database.db.orm.insert(routes).values({ projectId, integrationId: scene.integration.id, position: 0 });
		const agent = await buildAgent(database.db, projectId);
		const { deliveryIds } = await askAndDispatch(scene, { targets: [{ agent_id: agent.id }] });
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, scene.node.planId));
		expect(await claimDelivery(scene.system, deliveryIds[0], "worker-1")).toBeNull();
		const copy = await editAndReplay(scene.owner, deliveryIds[0], { question: "Which one market?" });
		expect(await claimDelivery(scene.system, copy.id, "worker-1")).toBeNull();
		for (const id of [deliveryIds[0], copy.id])
			expect(await readDelivery(scene, id)).toMatchObject({ status: "dead", attemptCount: 0, reason: { code: "plan_private" } });
	});

	test("is edited once: of two at once one is refused, and so is bringing the first back or sending it", async () => {
		const { scene, id } = await giveUp();
		const both = await Promise.allSettled(["A?", "B?"].map((question) => editAndReplay(scene.owner, id, { question })));
		expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
		const conflict = { code: "conflict" };
		for (const verb of [restoreDelivery, retryDelivery, (ctx: ProjectContext, one: string) => editAndReplay(ctx, one, { question: "C?" })])
			await expect(verb(scene.owner, id)).rejects.toMatchObject(conflict);
		const copies = await database.db.orm.select().from(messageDeliveries).where(eq(messageDeliveries.replayedFrom, id));
		expect(copies).toHaveLength(1);
		expect(await timersOf(scene, copies[0]?.id ?? "")).toMatchObject([{ type: "message.delivery.due" }]);
	});

	test("isn't sent where its request has ended, its integration is disabled, or it didn't give up", async () => {
		const scene = await buildScene(database.db, 2);
		const { id: requestId, deliveryIds } = await askAndDispatch(scene);
		const [id, waiting = ""] = deliveryIds;
		await attempt(scene, id, failed("rejected"));
		const edit = (one: string) => editAndReplay(scene.owner, one, { question: "Again?" });
		const refusal = (message: string) => ({ code: "conflict", message: expect.stringContaining(message) });
		const enable = (enabled: boolean) => database.db.pool.query("update messaging_integrations set enabled = $1", [enabled]);
		await expect(edit(waiting)).rejects.toMatchObject(refusal("queued"));
		await enable(false);
		await expect(edit(id)).rejects.toMatchObject(refusal("disabled"));
		await enable(true);
		await cancelRequest(scene.owner, requestId);
		await expect(edit(id)).rejects.toMatchObject(refusal("cancelled"));
		expect(await readDelivery(scene, id)).toMatchObject({ status: "dead", discardedAt: null });
	});
});

test("a reply that gave up goes out with other words under the same question", async () => {
	const scene = await buildScene(database.db);
	const { id: requestId, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0]);
	await sayAndRecord(scene, deliveryIds[0], "input_required", "Which year?");
	const reply = await replyToAgent(scene.owner, requestId, { text: "2O26" });
	await attempt(scene, reply.delivery_id, failed("rejected"));
	expect((await readRequest(scene, requestId)).status).toBe("input_required");
	const copy = await editAndReplay(scene.owner, reply.delivery_id, { text: "2026" });
	expect((await readRequest(scene, requestId)).status).toBe("working");
	expect((await claim(scene, copy.id)).content).toMatchObject({ kind: "reply", text: "2026", in_reply_to: "Which year?" });
	expect((await readDelivery(scene, copy.id)).questionId).toBe((await readDelivery(scene, reply.delivery_id)).questionId);
});

test("what is said must be there, be new, and fit; what tells of a fact goes out as it stands", async () => {
	const { scene, id } = await giveUp();
	const text = await deadOne(scene);
	expect(await getWords(scene.owner, text)).toEqual({ text: "Hello" });
	const edit = (one: string, words: object) => fieldsOf(editAndReplay(scene.owner, one, words));
	expect(await edit(id, { text: "x" })).toEqual(["unprocessable", "body.text"]);
	expect(await edit(text, { question: "x" })).toEqual(["unprocessable", "body.question"]);
	expect(await edit(text, { text: "x".repeat(2_001) })).toEqual(["unprocessable", "body.text"]);
	expect(await edit(text, { text: "Hello" })).toEqual(["unprocessable"]);
	expect(await edit(text, {})).toEqual(["unprocessable"]);
	const outcome = { kind: "decision_outcome" } as unknown as typeof someContent;
	const fact = await deadOne(scene, { kind: "decision_outcome", content: outcome });
	expect(await getWords(scene.owner, fact)).toEqual({});
	expect(await edit(fact, { text: "x" })).toEqual(["unprocessable", "body.text"]);
});

test("who may ask may edit", async () => {
	const { scene, id } = await giveUp();
	const text = await deadOne(scene);
	const as = async (role: "viewer" | "editor" | "guest", one: string) =>
		editAndReplay(await buildMember(database.db, scene.projectId, role), one, one === id ? { question: "Q?" } : { text: "T" });
	for (const one of [id, text])
		for (const role of ["viewer", "guest"] as const) await expect(as(role, one)).rejects.toMatchObject({ code: "forbidden" });
	for (const one of [id, text]) expect(await as("editor", one)).toMatchObject({ replayed_from: one });
	const stranger = await buildScene(database.db);
	await expect(editAndReplay(stranger.owner, id, { question: "Q?" })).rejects.toMatchObject({ code: "not_found" });
});

describe("word to people that a request waits", () => {
	const buildWord = async () => {
		const { scene, requestId } = await giveUp();
		const word = (agent_request_id: string) => deadOne(scene, { content: { ...Object(someContent), about: { agent_request_id } } });
		return { scene, id: await word(requestId), ofGone: await word(scene.projectId) };
	};
	const listed = async (ctx: ProjectContext) => (await listDeadLetters(ctx, { limit: 10, state: "open" })).items.map(({ id }) => id);

	test("is for those who see its plan alone", async () => {
		const { scene, id, ofGone } = await buildWord();
		const editor = await buildMember(database.db, scene.projectId, "editor");
		const guest = await buildMember(database.db, scene.projectId, "guest");
		expect(await listed(editor)).toContain(id);
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, scene.node.planId));
		for (const ctx of [editor, guest]) {
			expect(await listed(ctx)).toEqual([]);
			expect(await discardDeadLetters(ctx, {}, "Old").catch(({ code }: { code: string }) => code)).toEqual(
				ctx === editor ? { discarded: 0, left: 0 } : "forbidden",
			);
			for (const read of [getDelivery, getWords]) await expect(read(ctx, id)).rejects.toMatchObject({ code: "not_found" });
		}
		for (const verb of [retryDelivery, (ctx: ProjectContext, one: string) => editAndReplay(ctx, one, { text: "T" })]) {
			await expect(verb(editor, id)).rejects.toMatchObject({ code: "not_found" });
			await expect(verb(editor, ofGone)).rejects.toMatchObject({ code: "forbidden" });
		}
		expect(await listed(scene.owner)).toEqual(expect.arrayContaining([id, ofGone]));
		for (const one of [id, ofGone]) expect(await retryDelivery(scene.owner, one)).toMatchObject({ status: "queued" });
	});

	test("goes out as it stands", async () => {
		const { scene, id } = await buildWord();
		expect(await getWords(scene.owner, id)).toEqual({});
		expect(await fieldsOf(editAndReplay(scene.owner, id, { text: "T" }))).toEqual(["unprocessable", "body.text"]);
	});
});

test("deliveries of one node's requests are listed by it", async () => {
	const { scene, id } = await giveUp();
	const list = async (node_id: string) => (await listDeliveries(scene.owner, { limit: 10, node_id })).items.map((item) => item.id);
	await deadOne(scene);
	expect(await list(scene.node.id)).toEqual([id]);
	expect(await list(scene.projectId)).toEqual([]);
});
