import { readFile } from "node:fs/promises";
import type { AdapterContext, GuardedResponse, MessageContent } from "@agentplanner/contracts";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import {
	buildMessage,
	decisionContent,
	decisionOutcomeContent,
	eventContent,
	replyContent,
	requestContent,
	textContent,
} from "../fixtures/messages.ts";
import { createGuardedConnect } from "../src/guarded-connect.ts";
import { webhook } from "../src/webhook/index.ts";
import { userAgent } from "../src/webhook/post.ts";
import { createSigningSecret } from "../src/webhook/sign.ts";

const signingSecret = createSigningSecret();
const now = new Date();
const connect = createGuardedConnect({ allowedNetworks: [] });
type Sent = { url: string; headers: Record<string, string>; body: Uint8Array; signal: AbortSignal };

/** A connection over a scripted wire; the real one is under test in the contract suite. */
const wired = async (response: Partial<GuardedResponse> & { text?: string } = {}, config: { settings?: object; secrets?: object } = {}) => {
	const sent: Sent[] = [];
	const context: AdapterContext = {
		fetch: async (url, init) => {
			sent.push({ url, headers: init.headers, body: init.body ?? new Uint8Array(), signal: init.signal });
			const { text = "", ...rest } = response;
			return { status: 200, headers: {}, body: new TextEncoder().encode(text), truncated: false, ...rest };
		},
		connect,
		log: { info: () => {}, warn: () => {} },
		now: () => now,
	};
	const connection = await webhook.open(
		{
			settings: webhook.settings.parse({ url: "https://agent.example.com/hook", ...config.settings }),
			secrets: webhook.secrets.parse({ signing_secret: signingSecret, ...config.secrets }),
		},
		context,
	);
	const send = (content: MessageContent = requestContent) => connection.send(buildMessage(content), new AbortController().signal);
	return { connection, send, sent };
};
const payload = (sent: Sent | undefined) => JSON.parse(new TextDecoder().decode(sent?.body));

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
		["node.status.changed", eventContent, eventContent.occurred_at, { event_id: eventContent.event_id, from: "open", to: "done" }],
	] as const)("%s", async (type, content, timestamp, data) => {
		const { send, sent } = await wired();
		await send(content);
		const body = payload(sent[0]);
		expect(body).toMatchObject({ type, data: { delivery_id: buildMessage().key, ...data } });
		expect(body.data).not.toHaveProperty("kind");
		expect(body.timestamp).toBe(timestamp);
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
		const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
		expect(userAgent).toBe(`AgentPlanner/${version}`);
	});
});

describe("an answer in the response", () => {
	const deliveryId = buildMessage().key;

	test.each(["answer", "working", "input_required", "declined"] as const)("%s", async (type) => {
		const { send } = await wired({ status: 201, text: JSON.stringify({ type, text: "**yes**", id: "1" }) });
		expect((await send()).inbound).toEqual([{ type, externalId: "1", deliveryId, text: "**yes**", author: null }]);
	});

	test("a reply can be answered in the same breath too", async () => {
		const { send } = await wired({ text: JSON.stringify({ type: "answer", text: "ok" }) });
		expect((await send(replyContent)).inbound).toHaveLength(1);
	});

	test("without an id it has none; the words decide", async () => {
		const { send } = await wired({ text: JSON.stringify({ type: "answer", text: "ok", model: "x" }) });
		expect((await send()).inbound).toEqual([{ type: "answer", externalId: null, deliveryId, text: "ok", author: null }]);
	});

	test.each([
		["nothing", ""],
		["no JSON", "<html>Workflow was started</html>"],
		["JSON of another shape", '{"message":"Workflow was started"}'],
		["another type", '{"type":"ack","text":"x"}'],
		["a list", '[{"type":"answer","text":"x"}]'],
		["null", "null"],
	])("%s is just accepted", async (_name, text) => {
		const { send } = await wired({ text });
		const result = await send();
		expect(result.inbound).toEqual([]);
		expect(result).not.toHaveProperty("note");
	});

	test.each([textContent, decisionContent, eventContent])("a $kind has no answer", async (content) => {
		const { send } = await wired({ text: JSON.stringify({ type: "answer", text: "x" }) });
		expect((await send(content)).inbound).toEqual([]);
	});

	test("an answer that can't be used is not passed over in silence", async () => {
		const { send } = await wired({ text: '{"type":"answer","text":7}' });
		expect(await send()).toMatchObject({ inbound: [], note: expect.stringContaining("text") });
	});

	test("nor is one that was cut off", async () => {
		const { send } = await wired({ text: '{"type":"answer","text":"long', truncated: true });
		expect(await send()).toMatchObject({ inbound: [], note: expect.stringContaining("reply_url") });
	});

	test("characters that the database refuses are left out", async () => {
		const { send } = await wired({ text: '{"type":"answer","text":"a\\u0000b\\ud800c\\u001b[31;1m\\u001b\\n\\td"}' });
		expect((await send()).inbound[0]).toMatchObject({ text: "ab\ufffdc\n\td" });
	});
});

describe("what the receiver wants", () => {
	test("410 disables the integration", async () => {
		const { send } = await wired({ status: 410 });
		await expect(send()).rejects.toMatchObject({ kind: "rejected", gone: true });
	});
	test("webhook-delivery: disable with an error disables it too", async () => {
		const { send } = await wired({ status: 500, headers: { "webhook-delivery": "disable" } });
		await expect(send()).rejects.toMatchObject({ kind: "rejected", gone: true });
	});
	test("webhook-delivery: disable with a 2xx: accepted, but the last one", async () => {
		const { send } = await wired({ headers: { "webhook-delivery": "disable" } });
		expect((await send()).inbound).toEqual([expect.objectContaining({ type: "removed" })]);
	});
	test("webhook-delivery: abort-message stops this message alone", async () => {
		const { send } = await wired({ status: 503, headers: { "webhook-delivery": "Abort-Message" } });
		await expect(send()).rejects.toMatchObject({ kind: "rejected", gone: false });
	});
	test("a redirect shows its target", async () => {
		const { send } = await wired({ status: 302, headers: { location: "https://elsewhere.example.com/" } });
		await expect(send()).rejects.toMatchObject({ kind: "rejected", message: expect.stringContaining("https://elsewhere.example.com/") });
	});
	test.each([
		[429, undefined, "rate_limited", null],
		[429, "20", "rate_limited", 20_000],
		[429, "-1", "rate_limited", null],
		[429, "315360000", "rate_limited", 86_400_000],
		[503, "20", "rate_limited", 20_000],
		[503, "x", "unavailable", null],
		[503, undefined, "unavailable", null],
		[500, "20", "unavailable", null],
	])("%i with Retry-After %j: %s, %j", async (status, value, kind, retryAfterMs) => {
		const { send } = await wired({ status, headers: value === undefined ? {} : { "retry-after": value } });
		await expect(send()).rejects.toMatchObject({ kind, retryAfterMs });
	});
	test("a wire that fails in an unknown way may have carried the message", async () => {
		const connection = await webhook.open(
			{ settings: { url: "https://agent.example.com/" }, secrets: { signing_secret: signingSecret } },
			{ fetch: () => Promise.reject(new Error("odd")), connect, log: { info: () => {}, warn: () => {} }, now: () => now },
		);
		await expect(connection.send(buildMessage(), new AbortController().signal)).rejects.toMatchObject({
			kind: "unavailable",
			mayHaveBeenAccepted: true,
		});
	});
});

describe("closing", () => {
	const closing = { status: "cancelled", summary: "Cancelled by Ada", answer: null } as const;
	const receipt = { platformId: null };

	test("the agent is told under an id of its own, the same however often", async () => {
		const { connection, sent } = await wired();
		const signal = new AbortController().signal;
		await connection.cancel?.(receipt, buildMessage(), closing, signal);
		await connection.cancel?.(receipt, buildMessage(), closing, signal);
		expect(sent.map((request) => request.headers["webhook-id"])).toEqual(Array(2).fill(`${buildMessage().key}-closed`));
		expect(payload(sent[0])).toEqual({
			type: "agent.request.closed",
			timestamp: now.toISOString(),
			data: {
				delivery_id: buildMessage().key,
				address: "",
				agent_request_id: requestContent.agent_request_id,
				status: "cancelled",
				summary: "Cancelled by Ada",
			},
		});
		expect(() => new Webhook(signingSecret).verify(Buffer.from(sent[0]?.body ?? []), sent[0]?.headers ?? {})).not.toThrow();
	});

	test("a decision is closed as one, with what it came to; a text not at all", async () => {
		const { connection, sent } = await wired();
		const signal = new AbortController().signal;
		const option = { id: "approve", label: "Ship it" };
		const said = { status: "decided", summary: "Decided by Ada via the web: Ship it.", option } as const;
		const decided = { ...said, answer: null };
		await connection.cancel?.(receipt, buildMessage(decisionContent), decided, signal);
		await connection.cancel?.(receipt, buildMessage(textContent), closing, signal);
		expect(sent.map((request) => payload(request))).toEqual([
			{
				type: "decision.closed",
				timestamp: now.toISOString(),
				data: { delivery_id: buildMessage().key, address: "", decision_id: decisionContent.decision_id, ...said },
			},
		]);
		expect(() => new Webhook(signingSecret).verify(Buffer.from(sent[0]?.body ?? []), sent[0]?.headers ?? {})).not.toThrow();
	});

	test("its failure is an adapter error too", async () => {
		const { connection } = await wired({ status: 500 });
		await expect(connection.cancel?.(receipt, buildMessage(), closing, new AbortController().signal)).rejects.toMatchObject({
			kind: "unavailable",
		});
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
