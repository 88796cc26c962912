import type { Closing } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { decisionContent, decisionOutcomeContent, eventContent, nudgeContent, replyContent, textContent } from "../../fixtures/messages.ts";
import { ask, collected, failure, signal, useGateway } from "./harness.ts";

const gateway = useGateway();
const cancelled: Closing = { status: "cancelled", summary: "The request was cancelled.", answer: null };

describe("an answer", () => {
	test("is fetched once its run has ended, the same however often it is looked for", async () => {
		const message = ask();
		const { receipt, inbound, collectInMs } = await gateway.connection.send(message, signal());
		expect({ inbound, collectInMs }).toEqual({ inbound: [], collectInMs: 1_000 });
		setTimeout(() => gateway.double.finish({ text: "Spain" }), 100);
		expect(await gateway.collect(receipt, message)).toEqual(collected(message, "Spain"));
		expect(await gateway.collect(receipt, message)).toEqual(collected(message, "Spain"));
		expect(gateway.double.prompts).toHaveLength(1);
	});

	test("that is not there yet is looked for again, and a run that is old isn't waited for", async () => {
		const message = ask();
		const receipt = await gateway.send(message);
		const old = { ...receipt, data: { ...receipt.data, sentAt: Date.now() - 600_000 } };
		expect(await gateway.collect(old, message)).toEqual({ inbound: [], againInMs: 15_000 });
		expect(gateway.double.calls.some(({ method }) => method === "agent.wait")).toBe(false);
	});

	test("longer than a transcript shows is read whole, and one without end is cut", async () => {
		const long = (count: number) => "x".repeat(count);
		for (const [text, kept] of [
			[long(20_000), long(20_000)],
			[long(150_000), `${long(99_999)}…`],
			[`DECISION_REQUIRED: ${long(3_000)}`, `${long(1_999)}…`],
		] as const) {
			gateway.double.answerWith(() => ({ text }));
			const message = ask();
			const found = await gateway.collect(await gateway.send(message), message);
			expect(found?.inbound).toMatchObject([{ text: kept }]);
		}
	});

	test("that the gateway shows to nobody in full is taken as its transcript shows it", async () => {
		gateway.double.answerWith(() => ({ text: "x".repeat(20_000) }));
		gateway.double.withhold();
		const message = ask();
		const found = await gateway.collect(await gateway.send(message), message);
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
		gateway.double.answerWith(() => ({ text }));
		const message = ask();
		expect(await gateway.collect(await gateway.send(message), message)).toEqual(collected(message, said, type));
	});

	test("may ask people to decide, who say yes or no", async () => {
		gateway.double.answerWith(() => ({ text: "DECISION_REQUIRED: Ship?" }));
		const message = ask();
		const found = await gateway.collect(await gateway.send(message), message);
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
		await gateway.send(ask());
		const [prompt = ""] = gateway.double.prompts;
		for (const words of ["Which markets first?", "Choose markets", "Be brief.", "INPUT_REQUIRED", "DECLINED", "2026-08-08"])
			expect(prompt).toContain(words);
		expect(prompt).not.toContain("reply-token");
	});

	test("a reply, and what was decided, go on in the session of the request", async () => {
		const request = ask();
		gateway.double.answerWith(() => ({ text: "INPUT_REQUIRED: Which year?" }));
		const thread = await gateway.send(request);
		gateway.double.answerWith((prompt) => ({ text: prompt.includes("This one") ? "Spain" : "Shipped" }));
		const reply = ask({ thread }, replyContent);
		expect(await gateway.collect(await gateway.send(reply), reply)).toEqual(collected(reply, "Spain"));
		const outcome = ask({ thread }, decisionOutcomeContent);
		expect(await gateway.collect(await gateway.send(outcome), outcome)).toEqual(collected(outcome, "Shipped"));
		expect(new Set(gateway.asked().map(({ params }) => (params as { sessionKey: string }).sessionKey)).size).toBe(1);
		expect(gateway.double.prompts[2]).toContain("Ada decided: Ship it (approve).");
		// Looked for again, each message has the answer that was its own.
		expect(await gateway.collect(thread, request)).toEqual(collected(request, "Which year?", "input_required"));
	});

	test("a reminder is one more turn of the conversation, whose answer counts", async () => {
		gateway.double.answerWith((prompt) => ({ text: prompt.includes("Ada still waits for your answer") ? "Spain" : "Let me see" }));
		const request = ask();
		const thread = await gateway.send(request);
		expect(await gateway.collect(thread, request)).toEqual(collected(request, "Let me see"));
		const reminder = ask({ thread }, nudgeContent);
		expect(await gateway.collect(await gateway.send(reminder), reminder)).toEqual(collected(reminder, "Spain"));
		expect(new Set(gateway.asked().map(({ params }) => (params as { sessionKey: string }).sessionKey)).size).toBe(1);
	});

	test("what a person wants changed before they decide", async () => {
		const option = { id: "revise", label: "Needs changes" };
		await gateway.connection.send(ask({}, { ...decisionOutcomeContent, option, comment: "Shorter, please." }), signal());
		for (const words of ["Ada wants changes before this is decided", "Shorter, please.", "INPUT_REQUIRED"])
			expect(gateway.double.prompts[0]).toContain(words);
	});

	test("what was decided outside of a request, without an answer to be fetched", async () => {
		const { collectInMs } = await gateway.connection.send(
			ask({ reply: null }, { ...decisionOutcomeContent, agent_request_id: null }),
			signal(),
		);
		expect(collectInMs).toBeUndefined();
		expect(gateway.double.prompts[0]).toContain("Ada decided: Ship it (approve).");
		expect(gateway.double.prompts[0]).toContain("No answer is needed.");
	});

	test("a plain message, without an answer to be fetched", async () => {
		const { collectInMs } = await gateway.connection.send(ask({}, textContent), signal());
		expect(collectInMs).toBeUndefined();
		expect(gateway.double.prompts[0]).toContain(textContent.text);
	});

	test.each([decisionContent, eventContent])("a $kind isn't for agents", async (content) => {
		expect(await failure(gateway.connection.send(ask({}, content), signal()))).toMatchObject({ kind: "rejected" });
		expect(gateway.double.calls).toEqual([]);
	});

	test("goes to the agent of the route, else to that of the settings", async () => {
		await gateway.send(ask({ address: "Researcher" }));
		await (await gateway.open({ agent: "researcher" })).send(ask(), signal());
		for (const { params } of gateway.asked())
			expect(params).toMatchObject({ agentId: "researcher", sessionKey: expect.stringMatching(/^agent:researcher:ap:/) });
		expect(await failure(gateway.connection.send(ask({ address: "nobody" }), signal()))).toMatchObject({ kind: "rejected" });
		expect(await failure(gateway.connection.send(ask({ address: "no/body" }), signal()))).toMatchObject({ kind: "rejected" });
	});
});

describe("cancelling", () => {
	test("stops the agent's run, also one that goes on after a restart; nothing else", async () => {
		const message = ask();
		const receipt = await gateway.send(message);
		(await gateway.double.restart()).resume();
		const other = ask();
		await gateway.send(other);
		await gateway.connection.cancel?.(receipt, message, cancelled, signal());
		expect(await failure(gateway.collect(receipt, message))).toMatchObject({
			kind: "rejected",
			message: expect.stringContaining("stopped"),
		});
		gateway.double.finish({ text: "Other" });
		expect(await gateway.collect(await gateway.send(other), other)).toEqual(collected(other, "Other"));
		await gateway.connection.cancel?.(receipt, message, cancelled, signal());
	});
});
