import { readFile } from "node:fs/promises";
import { describeEventTypes } from "@agentplanner/contracts";
import Ajv2020 from "ajv/dist/2020.js";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import {
	buildMessage,
	decisionContent,
	decisionOutcomeContent,
	eventContent,
	nudgeContent,
	replyContent,
	requestContent,
	textContent,
} from "../../fixtures/messages.ts";
import { webhook } from "../../src/webhook/index.ts";
import { userAgent } from "../../src/webhook/post.ts";
import { createSigningSecret } from "../../src/webhook/sign.ts";
import { now, payload, signingSecret, wired } from "./harness.ts";

describe("what is sent", () => {
	test("a request, signed under the delivery's id", async () => {
		const { send, sent } = await wired({}, { settings: { headers: { "X-Team": "blue" } } });
		await send();
		const [request] = sent;
		expect(request?.headers).toMatchObject({
			"webhook-id": buildMessage().key,
			"webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
			"content-type": "application/json",
			"user-agent": userAgent,
			"X-Team": "blue",
		});
		expect(new Webhook(signingSecret).verify(Buffer.from(request?.body ?? []), request?.headers ?? {})).toEqual({
			type: "agent.request.created",
			timestamp: requestContent.asked_at,
			data: {
				delivery_id: buildMessage().key,
				address: "",
				agent_request_id: requestContent.agent_request_id,
				question: "Which markets first?",
				agent: requestContent.agent,
				asked_by: "Ada",
				asked_at: requestContent.asked_at,
				deadline_at: requestContent.deadline_at,
				context: requestContent.context,
				reply_url: "https://planner.example.com/api/v1/reply/1",
				reply_token: "reply-token-1f2e3d4c",
			},
		});
	});

	test.each([
		["agent.request.replied", replyContent, replyContent.replied_at, { in_reply_to: "Which year?", text: replyContent.text, from: "Ada" }],
		[
			"agent.request.nudged",
			nudgeContent,
			nudgeContent.nudged_at,
			{ question: "Which markets first?", deadline_at: nudgeContent.deadline_at, reply_token: "reply-token-1f2e3d4c" },
		],
		[
			"decision.requested",
			decisionContent,
			"2025-09-02T21:56:30.848Z",
			{
				decision_id: decisionContent.decision_id,
				options: [
					{ id: "approve", label: "Ship it" },
					{ id: "reject", label: "Not yet" },
				],
				...{ urgency: "can_continue", recommendation: { option_id: "approve", reason: "The links are checked." } },
				node: decisionContent.node,
				decide_url: buildMessage().link,
			},
		],
		[
			"agent.request.decided",
			decisionOutcomeContent,
			decisionOutcomeContent.closed_at,
			{ status: "decided", option: { id: "approve", label: "Ship it" }, comment: "On Monday.", reply_token: "reply-token-1f2e3d4c" },
		],
		[
			"decision.outcome",
			{ ...decisionOutcomeContent, agent_request_id: null },
			decisionOutcomeContent.closed_at,
			{ status: "decided", option: { id: "approve", label: "Ship it" }, comment: "On Monday.", node: decisionOutcomeContent.node },
		],
		["message.text", textContent, textContent.sent_at, { text: textContent.text, from: "Ada", project: textContent.project }],
	] as const)("%s", async (type, content, timestamp, data) => {
		const { send, sent } = await wired();
		await send(content);
		const body = payload(sent[0]);
		expect(body).toMatchObject({ type, data: { delivery_id: buildMessage().key, ...data } });
		expect(body.data).not.toHaveProperty("kind");
		expect(body.timestamp).toBe(timestamp);
	});

	test("an event as GET /event-types says that it is", async () => {
		const { send, sent } = await wired();
		await send(eventContent);
		const body = payload(sent[0]);
		const known = describeEventTypes().find(({ type }) => type === eventContent.type);
		const validate = new Ajv2020.default({ validateFormats: false }).compile(known?.schema ?? false);
		expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
		expect(Object.keys(body)).toEqual(Object.keys(known?.example ?? {}));
		expect(body).toMatchObject({ id: eventContent.event_id, timestamp: eventContent.occurred_at, data: eventContent.data });
	});

	test("both secrets sign during a rotation", async () => {
		const previous = createSigningSecret();
		const { send, sent } = await wired({}, { secrets: { previous_signing_secret: previous } });
		await send();
		for (const secret of [signingSecret, previous])
			expect(() => new Webhook(secret).verify(Buffer.from(sent[0]?.body ?? []), sent[0]?.headers ?? {})).not.toThrow();
	});

	test("the authorization secret becomes that header", async () => {
		const { send, sent } = await wired({}, { secrets: { authorization: "Bearer abcdefgh" } });
		await send();
		expect(sent[0]?.headers.authorization).toBe("Bearer abcdefgh");
	});

	test("the trace of what caused it, if there is one; the body stays the same", async () => {
		const { connection, sent } = await wired();
		const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
		for (const overrides of [{ traceparent }, { traceparent: null }, {}])
			await connection.send(buildMessage(requestContent, overrides), new AbortController().signal);
		expect(sent.map(({ headers }) => headers.traceparent)).toEqual([traceparent, undefined, undefined]);
		expect(sent[0]?.body).toEqual(sent[1]?.body);
		const settings = { url: "https://agent.example.com/", headers: { Traceparent: "mine" } };
		expect(webhook.settings.safeParse(settings).success).toBe(false);
	});

	test("the integration's own timeout ends the attempt", async () => {
		const { send, sent } = await wired({}, { settings: { timeout_ms: 1_000 } });
		await send();
		expect(sent[0]?.signal.aborted).toBe(false);
		await new Promise((done) => setTimeout(done, 1_100));
		expect(sent[0]?.signal.reason).toMatchObject({ name: "TimeoutError" });
	});

	test("a message above 256 KiB is refused before it is sent", async () => {
		const { send, sent } = await wired();
		await expect(send({ ...requestContent, question: "x".repeat(262_144) })).rejects.toMatchObject({ kind: "rejected" });
		expect(sent).toEqual([]);
	});

	test("the user agent carries the product's version", async () => {
		const { version } = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8"));
		expect(userAgent).toBe(`AgentPlanner/${version}`);
	});
});

test("a check is a signed ping with an id of its own", async () => {
	const { connection, sent } = await wired({ status: 204 });
	expect(await connection.check([], new AbortController().signal)).toEqual([]);
	await connection.check([], new AbortController().signal);
	expect(new Webhook(signingSecret).verify(Buffer.from(sent[0]?.body ?? []), sent[0]?.headers ?? {})).toMatchObject({ type: "ping" });
	expect(sent[0]?.headers["webhook-id"]).not.toBe(sent[1]?.headers["webhook-id"]);
});

test("during a rotation both secrets verify what comes in", () => {
	const previous = createSigningSecret();
	const body = Buffer.from('{"type":"ping"}');
	const headers = {
		"webhook-id": "m",
		"webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
		"webhook-signature": new Webhook(previous).sign("m", now, body),
	};
	const request = { method: "POST", headers, rawBody: body };
	const settings = { url: "https://agent.example.com/" };
	const secrets = { signing_secret: signingSecret, previous_signing_secret: previous };
	expect(() => webhook.verify?.(request, { settings, secrets }, now)).not.toThrow();
	expect(() => webhook.verify?.(request, { settings, secrets: { signing_secret: signingSecret } }, now)).toThrow();
});
