import { createRequest, disableIntegration, enableIntegration, findViolations, getRequest, replyToAgent } from "@agentplanner/core";
import { buildAgent, buildNode, buildProject } from "@agentplanner/core/testing";
import { expect, test } from "vitest";
import { answer, answerLater, ask, pause, type Reply, startReceiver, until, untilDelivery, untilRequest, useWorker } from "./harness.ts";

const database = useWorker();

test("a request answered in the HTTP response completes, with its attempt on record", async () => {
	const receiver = await startReceiver(() => answer("**Ship it**"));
	const asked = await ask(database().db, receiver.url);
	const detail = await untilRequest(asked, "completed");
	expect(detail.responses).toMatchObject([{ kind: "answer", text: "**Ship it**", outcome: "accepted" }]);
	expect(detail.deliveries).toMatchObject([{ status: "acknowledged", attempt_count: 1, attempts: [{ number: 1, outcome: "delivered" }] }]);
	expect(receiver.hits).toHaveLength(1);
	expect(receiver.hits[0]?.headers["webhook-id"]).toBe(detail.deliveries[0]?.id);
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("an agent says first that it works, how far it is, and then the answer", async () => {
	const receiver = await startReceiver((): Reply => ({ status: 200, body: { type: "working", text: "Reading" } }));
	const asked = await ask(database().db, receiver.url);
	expect((await untilRequest(asked, "working")).request.progress).toBe("Reading");
	await answerLater(database().db, receiver.hits[0], { type: "working", text: "Half of it" });
	expect((await getRequest(asked.ctx, asked.id)).request).toMatchObject({ status: "working", progress: "Half of it" });
	await answerLater(database().db, receiver.hits[0], { type: "answer", text: "Done" });
	expect((await untilRequest(asked, "completed")).responses).toMatchObject([{ kind: "answer", text: "Done" }]);
});

test("an agent asks back, gets the person's reply at the same hook, and answers", async () => {
	const receiver = await startReceiver(({ body }) =>
		body.type === "agent.request.replied"
			? answer(`Because ${body.data.text}`)
			: { status: 200, body: { type: "input_required", text: "Which press?" } },
	);
	const asked = await ask(database().db, receiver.url);
	expect((await untilRequest(asked, "input_required")).request.input_question).toBe("Which press?");
	await replyToAgent(asked.ctx, asked.id, { text: "the local one" });
	const detail = await untilRequest(asked, "completed");
	// Who answered isn't told that it is over.
	await pause(500);
	expect(receiver.hits.map(({ body }) => body.type)).toEqual(["agent.request.created", "agent.request.replied"]);
	expect(receiver.hits[1]?.body.data).toMatchObject({ in_reply_to: "Which press?", text: "the local one" });
	expect(receiver.hits[1]?.headers["webhook-id"]).not.toBe(receiver.hits[0]?.headers["webhook-id"]);
	expect(detail.responses.map(({ text }) => text)).toEqual(["Which press?", "Because the local one"]);
	expect(detail.replies).toMatchObject([{ text: "the local one" }]);
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("a request that everybody declines is rejected, with their words kept", async () => {
	const receiver = await startReceiver(() => ({ status: 200, body: { type: "declined", text: "Not my trade" } }));
	const asked = await ask(database().db, receiver.url);
	const detail = await untilRequest(asked, "rejected");
	expect(detail.request.reason).toMatchObject({ code: "declined" });
	expect(detail.responses).toMatchObject([{ kind: "declined", text: "Not my trade" }]);
});

test("a request without a route fails and says where to add one", async () => {
	const { db } = database();
	const ctx = await buildProject(db);
	const agent = await buildAgent(db, ctx.projectId);
	const node = await buildNode(db, ctx.projectId);
	const { id } = await createRequest(ctx, {
		node_id: node.id,
		question: "Anybody?",
		targets: [{ agent_id: agent.id }],
		answer_policy: { kind: "first" },
	});
	const detail = await untilRequest({ ctx, id }, "failed");
	expect(detail.request.reason).toMatchObject({ code: "no_route", remedy: expect.stringContaining("Add a route") });
	expect(detail.deliveries).toEqual([]);
	expect(await findViolations(ctx)).toEqual([]);
});

test("a disabled integration holds what is to be sent, and enabling it sends at once", async () => {
	const receiver = await startReceiver(() => answer("Here"));
	const asked = await ask(database().db, receiver.url, { integration: { enabled: false, disabledReason: "Being moved." } });
	const held = await untilDelivery(asked, ({ reason }) => reason !== null);
	expect(held).toMatchObject({ status: "queued", attempt_count: 0, reason: { code: "integration_disabled" } });
	expect(held.reason?.message).toContain("Being moved.");
	expect(await findViolations(asked.ctx)).toEqual([]);
	await pause(700);
	expect(receiver.hits).toHaveLength(0);

	const start = Date.now();
	await enableIntegration(asked.ctx, asked.integration.id);
	await untilRequest(asked, "completed");
	expect((receiver.hits[0]?.at ?? Number.POSITIVE_INFINITY) - start).toBeLessThan(1_500);
	expect(receiver.hits).toHaveLength(1);
});

test("an integration that is disabled while the agent works still takes its answer", async () => {
	const receiver = await startReceiver(() => ({ status: 202 }));
	const asked = await ask(database().db, receiver.url);
	await untilDelivery(asked, ({ status }) => status === "delivered");
	await disableIntegration(asked.ctx, asked.integration.id);
	await answerLater(database().db, receiver.hits[0], { type: "answer", text: "Still here" });
	await untilRequest(asked, "completed");
});

test("a request whose deadline passes expires; an answer that comes after is kept as superseded", async () => {
	const receiver = await startReceiver(() => ({ status: 202 }));
	const asked = await ask(database().db, receiver.url, { deadline: new Date(Date.now() + 1_500) });
	const detail = await untilRequest(asked, "expired");
	expect(detail.request.reason).toMatchObject({ code: "expired" });
	expect(detail.deliveries).toMatchObject([{ status: "cancelled" }]);
	await answerLater(database().db, receiver.hits[0], { type: "answer", text: "Too late" });
	const late = await until(async () => (await getRequest(asked.ctx, asked.id)).responses.find(({ outcome }) => outcome !== "received"));
	expect(late).toMatchObject({ text: "Too late", outcome: "superseded" });
	expect((await getRequest(asked.ctx, asked.id)).request.status).toBe("expired");
	expect(await findViolations(asked.ctx)).toEqual([]);
});
