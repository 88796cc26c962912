import { randomUUID } from "node:crypto";
import type { AdapterError, Closing, Connection, OutboundMessage, Receipt } from "@agentplanner/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildMessage, decisionContent, decisionOutcomeContent, eventContent, replyContent, textContent } from "../../fixtures/messages.ts";
import { createDeviceKey } from "../../src/openclaw/device.ts";
import { openclaw } from "../../src/openclaw/index.ts";
import { loopbackContext } from "../loopback-context.ts";
import { type GatewayDouble, gatewayToken, startGatewayDouble } from "./gateway-double.ts";
import { refused } from "./shapes.ts";

const deviceKey = createDeviceKey();
const signal = () => AbortSignal.timeout(15_000);
const cancelled: Closing = { status: "cancelled", summary: "The request was cancelled.", answer: null };
let double: GatewayDouble;
let connection: Connection;

const open = (settings: { url?: string; agent?: string } = {}, token = gatewayToken) =>
	openclaw.open({ settings: { url: double.url, ...settings }, secrets: { token, device_key: deviceKey } }, loopbackContext());

beforeEach(async () => {
	double = await startGatewayDouble();
	connection = await open();
});
// Throws where the adapter asked for what no gateway knows.
afterEach(() => double.close());

const ask = (overrides: Partial<OutboundMessage> = {}, content = buildMessage().content) =>
	buildMessage(content, { key: randomUUID(), ...overrides });
const send = async (message: OutboundMessage): Promise<Receipt> => (await connection.send(message, signal())).receipt;
const collect = (receipt: Receipt, message: OutboundMessage) => connection.collect?.(receipt, message, signal());
const failure = (doing: Promise<unknown> | undefined) =>
	Promise.resolve(doing).then(
		() => expect.fail("it didn't fail"),
		(error: AdapterError) => error,
	);
const collected = (message: OutboundMessage, text: string, type = "answer") => ({
	inbound: [{ type, externalId: message.key, deliveryId: message.key, text, author: null }],
	againInMs: null,
});
const asked = () => double.calls.filter(({ method }) => method === "agent");

describe("an answer", () => {
	test("is fetched once its run has ended, the same however often it is looked for", async () => {
		const message = ask();
		const { receipt, inbound, collectInMs } = await connection.send(message, signal());
		expect({ inbound, collectInMs }).toEqual({ inbound: [], collectInMs: 1_000 });
		setTimeout(() => double.finish({ text: "Spain" }), 100);
		expect(await collect(receipt, message)).toEqual(collected(message, "Spain"));
		expect(await collect(receipt, message)).toEqual(collected(message, "Spain"));
		expect(double.prompts).toHaveLength(1);
	});

	test("that is not there yet is looked for again, and a run that is old isn't waited for", async () => {
		const message = ask();
		const receipt = await send(message);
		const old = { ...receipt, data: { ...receipt.data, sentAt: Date.now() - 600_000 } };
		expect(await collect(old, message)).toEqual({ inbound: [], againInMs: 15_000 });
		expect(double.calls.some(({ method }) => method === "agent.wait")).toBe(false);
	});

	test("longer than a transcript shows is read whole, and one without end is cut", async () => {
		const long = (count: number) => "x".repeat(count);
		for (const [text, kept] of [
			[long(20_000), long(20_000)],
			[long(150_000), `${long(99_999)}…`],
			[`DECISION_REQUIRED: ${long(3_000)}`, `${long(1_999)}…`],
		] as const) {
			double.answerWith(() => ({ text }));
			const message = ask();
			const found = await collect(await send(message), message);
			expect(found?.inbound).toMatchObject([{ text: kept }]);
		}
	});

	test("that the gateway shows to nobody in full is taken as its transcript shows it", async () => {
		double.answerWith(() => ({ text: "x".repeat(20_000) }));
		double.withhold();
		const message = ask();
		const found = await collect(await send(message), message);
		expect(found?.inbound).toMatchObject([{ type: "answer", text: expect.stringMatching(/^x{8000}\n\.\.\.\(truncated\)\.\.\.$/) }]);
	});

	test.each([
		["INPUT_REQUIRED: Which year?", "input_required", "Which year?"],
		["**INPUT_REQUIRED:** Which year?", "input_required", "Which year?"],
		["DECLINED\nNot mine.", "declined", "Not mine."],
		["DECLINED:", "declined", ""],
		["INPUT_REQUIRED:", "answer", "INPUT_REQUIRED:"],
		["Nobody DECLINED: it is fine.", "answer", "Nobody DECLINED: it is fine."],
	])("that says “%s” is %s", async (text, type, said) => {
		double.answerWith(() => ({ text }));
		const message = ask();
		expect(await collect(await send(message), message)).toEqual(collected(message, said, type));
	});

	test("may ask people to decide, who say yes or no", async () => {
		double.answerWith(() => ({ text: "DECISION_REQUIRED: Ship?" }));
		const message = ask();
		const found = await collect(await send(message), message);
		expect(found?.inbound).toMatchObject([
			{
				type: "decision_required",
				text: "Ship?",
				ask: { urgency: "blocking", options: [{ id: "approve" }, { id: "reject" }, { id: "revise" }] },
			},
		]);
	});
});

describe("what the agent reads", () => {
	test("is the question with its task, and how to answer, the same each time", async () => {
		await send(ask());
		const [prompt = ""] = double.prompts;
		for (const words of ["Which markets first?", "Choose markets", "Be brief.", "INPUT_REQUIRED", "DECLINED", "2026-08-08"])
			expect(prompt).toContain(words);
		expect(prompt).not.toContain("reply-token");
	});

	test("a reply, and what was decided, go on in the session of the request", async () => {
		const request = ask();
		double.answerWith(() => ({ text: "INPUT_REQUIRED: Which year?" }));
		const thread = await send(request);
		double.answerWith((prompt) => ({ text: prompt.includes("This one") ? "Spain" : "Shipped" }));
		const reply = ask({ thread }, replyContent);
		expect(await collect(await send(reply), reply)).toEqual(collected(reply, "Spain"));
		const outcome = ask({ thread }, decisionOutcomeContent);
		expect(await collect(await send(outcome), outcome)).toEqual(collected(outcome, "Shipped"));
		expect(new Set(asked().map(({ params }) => (params as { sessionKey: string }).sessionKey)).size).toBe(1);
		expect(double.prompts[2]).toContain("Ada decided: Ship it (approve).");
		// Looked for again, each message has the answer that was its own.
		expect(await collect(thread, request)).toEqual(collected(request, "Which year?", "input_required"));
	});

	test("what a person wants changed before they decide", async () => {
		const option = { id: "revise", label: "Needs changes" };
		await connection.send(ask({}, { ...decisionOutcomeContent, option, comment: "Shorter, please." }), signal());
		for (const words of ["Ada wants changes before this is decided", "Shorter, please.", "INPUT_REQUIRED"])
			expect(double.prompts[0]).toContain(words);
	});

	test("what was decided outside of a request, without an answer to be fetched", async () => {
		const { collectInMs } = await connection.send(ask({ reply: null }, { ...decisionOutcomeContent, agent_request_id: null }), signal());
		expect(collectInMs).toBeUndefined();
		expect(double.prompts[0]).toContain("Ada decided: Ship it (approve).");
		expect(double.prompts[0]).toContain("No answer is needed.");
	});

	test("a plain message, without an answer to be fetched", async () => {
		const { collectInMs } = await connection.send(ask({}, textContent), signal());
		expect(collectInMs).toBeUndefined();
		expect(double.prompts[0]).toContain(textContent.text);
	});

	test.each([decisionContent, eventContent])("a $kind isn't for agents", async (content) => {
		expect(await failure(connection.send(ask({}, content), signal()))).toMatchObject({ kind: "rejected" });
		expect(double.calls).toEqual([]);
	});

	test("goes to the agent of the route, else to that of the settings", async () => {
		await send(ask({ address: "Researcher" }));
		await (await open({ agent: "researcher" })).send(ask(), signal());
		for (const { params } of asked())
			expect(params).toMatchObject({ agentId: "researcher", sessionKey: expect.stringMatching(/^agent:researcher:ap:/) });
		expect(await failure(connection.send(ask({ address: "nobody" }), signal()))).toMatchObject({ kind: "rejected" });
		expect(await failure(connection.send(ask({ address: "no/body" }), signal()))).toMatchObject({ kind: "rejected" });
	});
});

describe("nothing is asked twice", () => {
	test("where the line breaks behind the question: it is found, and not sent again", async () => {
		const message = ask();
		double.break({ on: ["agent"], cut: "after" });
		expect(await failure(connection.send(message, signal()))).toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: true });
		double.break(null);
		expect(await connection.find?.(message, new Date(), signal())).toMatchObject({ state: "found", collectInMs: 1_000 });
		await send(message);
		double.finish({ text: "Spain" });
		expect(await connection.send(message, signal())).toMatchObject({ inbound: [{ text: "Spain" }] });
		expect(double.prompts).toHaveLength(1);
	});

	test("where it broke before it, it is absent and is sent", async () => {
		expect(await connection.find?.(ask(), new Date(), signal())).toEqual({ state: "absent" });
	});

	test("where the gateway has it but wrote nothing down yet, its key finds it", async () => {
		double.setRecording(false);
		const message = ask();
		const receipt = await send(message);
		expect(await collect(receipt, message)).toEqual({ inbound: [], againInMs: 2_000 });
		expect(await connection.find?.(message, new Date(), signal())).toEqual({ state: "absent" });
		await send(message);
		expect(double.prompts).toHaveLength(1);
	});
});

describe("a gateway that is killed in the middle", () => {
	test("goes on by itself under another run's id, and isn't asked again", async () => {
		const message = ask();
		const receipt = await send(message);
		const { resume } = await double.restart();
		expect(await collect(receipt, message)).toEqual({ inbound: [], againInMs: 2_000 });
		resume();
		setTimeout(() => double.finish({ text: "Spain" }), 100);
		expect(await collect(receipt, message)).toEqual(collected(message, "Spain"));
		expect(asked()).toHaveLength(1);
	});

	test("and doesn't go on is asked again after a while, under a new key", async () => {
		const message = ask();
		const receipt = await send(message);
		await double.restart();
		double.advance(61_000);
		expect(await collect(receipt, message)).toEqual({ inbound: [], againInMs: 2_000 });
		expect(asked().map(({ params }) => (params as { idempotencyKey: string }).idempotencyKey)).toEqual([
			`${message.key}.1`,
			`${message.key}.2`,
		]);
	});

	test("before it wrote anything down is asked again at once, since it knows of nothing", async () => {
		double.setRecording(false);
		const message = ask();
		const receipt = await send(message);
		await double.restart();
		double.setRecording(true);
		await collect(receipt, message);
		double.finish({ text: "Spain" });
		expect(await collect(receipt, message)).toEqual(collected(message, "Spain"));
	});

	test("is looked for again while it is away", async () => {
		const message = ask();
		const receipt = await send(message);
		double.refuseUpgrades({ status: 503, headers: { "retry-after": "1" } });
		expect(await failure(collect(receipt, message))).toMatchObject({
			kind: "unavailable",
			retryAfterMs: 1_000,
			mayHaveBeenAccepted: false,
		});
	});
});

describe("an agent whose model fails", () => {
	test.each(["error", "errorBeforeReply"] as const)(
		"rests a minute, is asked anew, and again, and then it is told why (%s)",
		async (how) => {
			const message = ask();
			double.answerWith(() => ({ [how]: "HTTP 401 of the provider" }) as { error: string });
			const receipt = await send(message);
			for (const minutes of [1, 2]) {
				const resting = await collect(receipt, message);
				expect(resting?.againInMs).toBeGreaterThan(minutes * 60_000 - 5_000);
				double.advance(minutes * 60_000 + 1_000);
				await collect(receipt, message);
			}
			const error = await failure(collect(receipt, message));
			expect(error).toMatchObject({ kind: "rejected", message: expect.stringContaining("HTTP 401 of the provider") });
			expect(double.prompts).toHaveLength(3);
			double.answerWith(() => ({ text: "Spain" }));
			await send(message);
			expect(await collect(receipt, message), "replayed").toEqual(collected(message, "Spain"));
		},
	);

	test("and then works is not told of", async () => {
		const message = ask();
		double.answerWith(() => ({ error: "overloaded" }));
		const receipt = await send(message);
		double.advance(61_000);
		double.answerWith(() => ({ text: "Spain" }));
		await collect(receipt, message);
		expect(await collect(receipt, message)).toEqual(collected(message, "Spain"));
	});
});

describe("cancelling", () => {
	test("stops the agent's run, also one that goes on after a restart; nothing else", async () => {
		const message = ask();
		const receipt = await send(message);
		(await double.restart()).resume();
		const other = ask();
		await send(other);
		await connection.cancel?.(receipt, message, cancelled, signal());
		expect(await failure(collect(receipt, message))).toMatchObject({ kind: "rejected", message: expect.stringContaining("stopped") });
		double.finish({ text: "Other" });
		expect(await collect(await send(other), other)).toEqual(collected(other, "Other"));
		await connection.cancel?.(receipt, message, cancelled, signal());
	});
});

describe("checking", () => {
	test("names agents that routes mean and the gateway hasn't", async () => {
		expect(await connection.check(["", "researcher"], signal())).toEqual([]);
		expect(await connection.check(["writer"], signal())).toMatchObject([
			{ problem: expect.stringContaining("“writer”; it has main, researcher") },
		]);
		expect(await (await open({ agent: "gone" })).check([], signal())).toMatchObject([{ problem: expect.stringContaining("“gone”") }]);
	});

	test("a device that isn't approved is told with the command that approves it, and then works", async () => {
		double.requirePairing("526d34ab-0b9c");
		const [finding] = await connection.check([], signal());
		expect(finding).toMatchObject({ kind: "unauthorized", remedy: expect.stringContaining("openclaw devices approve 526d34ab-0b9c") });
		double.approve("526d34ab-0b9c");
		expect(await connection.check([], signal())).toEqual([]);
	});

	test("a wrong token and missing scopes are told with what to do", async () => {
		const wrong = await open({}, "wrong-token-1");
		expect(await wrong.check([], signal())).toMatchObject([{ kind: "unauthorized", remedy: expect.stringContaining("auth-token --show") }]);
		double.grant(["operator.read"]);
		expect(await connection.check([], signal())).toMatchObject([
			{ kind: "unauthorized", problem: expect.stringContaining("operator.write") },
		]);
	});

	test("what the gateway says of us holds no secret", async () => {
		double.break({ on: ["agent"], error: { code: "INVALID_REQUEST", message: `no: ${gatewayToken}` } });
		const error = await failure(connection.send(ask(), signal()));
		expect(`${error.message} ${JSON.stringify(error.exchange)}`).not.toContain(gatewayToken);
	});
});

test("a gateway that is silent ends with the attempt, and says whether it may have the message", async () => {
	for (const [method, mayHaveBeenAccepted] of [
		["connect", false],
		["chat.history", false],
		["agent", true],
	] as const) {
		double.break({ on: [method], hang: true });
		const began = performance.now();
		expect(await failure(connection.send(ask(), AbortSignal.timeout(200))), method).toMatchObject({
			kind: "unavailable",
			mayHaveBeenAccepted,
		});
		expect(performance.now() - began).toBeLessThan(3_000);
	}
});

test("a gateway that isn't there, or isn't allowed, or is something else", async () => {
	const to = async (url: string) => failure((await open({ url })).send(ask(), AbortSignal.timeout(3_000)));
	expect(await to("ws://127.0.0.1:5432")).toMatchObject({ kind: "rejected" });
	expect(await to("ws://127.0.0.1:18123")).toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: false });
	expect(await to("ws://10.0.0.1:18789")).toMatchObject({ kind: "rejected", remedy: expect.stringContaining("allowed_networks") });
	double.break({ on: ["connect"], error: refused("PROTOCOL_MISMATCH") });
	expect(await failure(connection.send(ask(), signal()))).toMatchObject({
		kind: "unauthorized",
		remedy: expect.stringContaining("openclaw update"),
	});
});

test.each([
	["ws://192.168.1.20:18789", true],
	["https://claw.example.org", true],
	["claw.example.org", false],
	["ftp://claw.example.org", false],
	["wss://me:secret@claw.example.org", false],
])("the gateway's URL may be %s: %s", (url, good) => {
	expect(openclaw.settings.safeParse({ url }).success).toBe(good);
	if (good) expect(openclaw.urls?.({ url })[0]?.url).toMatch(/^https?:/);
});
