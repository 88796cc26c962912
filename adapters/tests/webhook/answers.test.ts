import { describe, expect, test } from "vitest";
import { buildMessage, decisionContent, eventContent, replyContent, textContent } from "../../fixtures/messages.ts";
import { webhook } from "../../src/webhook/index.ts";
import { connect, now, signingSecret, wired } from "./harness.ts";

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
		await expect(connection.send(buildMessage(), "{}", new AbortController().signal)).rejects.toMatchObject({
			kind: "unavailable",
			mayHaveBeenAccepted: true,
		});
	});
});
