import { describe, expect, test } from "vitest";
import { startHttp } from "../loopback.ts";
import { ask, collected, failure, signal, useGateway } from "./harness.ts";
import { refused } from "./shapes.ts";

const gateway = useGateway();

describe("nothing is asked twice", () => {
	test("where the line breaks behind the question: it is found, and not sent again", async () => {
		const message = ask();
		gateway.double.break({ on: ["agent"], cut: "after" });
		expect(await failure(gateway.connection.send(message, signal()))).toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: true });
		gateway.double.break(null);
		expect(await gateway.connection.find?.(message, new Date(), signal())).toMatchObject({ state: "found", collectInMs: 1_000 });
		await gateway.send(message);
		gateway.double.finish({ text: "Spain" });
		expect(await gateway.connection.send(message, signal())).toMatchObject({ inbound: [{ text: "Spain" }] });
		expect(gateway.double.prompts).toHaveLength(1);
	});

	test("where it broke before it, it is absent and is sent", async () => {
		expect(await gateway.connection.find?.(ask(), new Date(), signal())).toEqual({ state: "absent" });
	});

	test("where the gateway has it but wrote nothing down yet, its key finds it", async () => {
		gateway.double.setRecording(false);
		const message = ask();
		const receipt = await gateway.send(message);
		expect(await gateway.collect(receipt, message)).toEqual({ inbound: [], againInMs: 2_000 });
		expect(await gateway.connection.find?.(message, new Date(), signal())).toEqual({ state: "absent" });
		await gateway.send(message);
		expect(gateway.double.prompts).toHaveLength(1);
	});
});

describe("a gateway that is killed in the middle", () => {
	test("goes on by itself under another run's id, and isn't asked again", async () => {
		const message = ask();
		const receipt = await gateway.send(message);
		const { resume } = await gateway.double.restart();
		expect(await gateway.collect(receipt, message)).toEqual({ inbound: [], againInMs: 2_000 });
		resume();
		setTimeout(() => gateway.double.finish({ text: "Spain" }), 100);
		expect(await gateway.collect(receipt, message)).toEqual(collected(message, "Spain"));
		expect(gateway.asked()).toHaveLength(1);
	});

	test("and doesn't go on is asked again after a while, under a new key", async () => {
		const message = ask();
		const receipt = await gateway.send(message);
		await gateway.double.restart();
		gateway.double.advance(61_000);
		expect(await gateway.collect(receipt, message)).toEqual({ inbound: [], againInMs: 2_000 });
		expect(gateway.asked().map(({ params }) => (params as { idempotencyKey: string }).idempotencyKey)).toEqual([
			`${message.key}.1`,
			`${message.key}.2`,
		]);
	});

	test("before it wrote anything down is asked again at once, since it knows of nothing", async () => {
		gateway.double.setRecording(false);
		const message = ask();
		const receipt = await gateway.send(message);
		await gateway.double.restart();
		gateway.double.setRecording(true);
		await gateway.collect(receipt, message);
		gateway.double.finish({ text: "Spain" });
		expect(await gateway.collect(receipt, message)).toEqual(collected(message, "Spain"));
	});

	test("is looked for again while it is away", async () => {
		const message = ask();
		const receipt = await gateway.send(message);
		gateway.double.refuseUpgrades({ status: 503, headers: { "retry-after": "1" } });
		expect(await failure(gateway.collect(receipt, message))).toMatchObject({
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
			gateway.double.answerWith(() => ({ [how]: "HTTP 401 of the provider" }) as { error: string });
			const receipt = await gateway.send(message);
			for (const minutes of [1, 2]) {
				const resting = await gateway.collect(receipt, message);
				expect(resting?.againInMs).toBeGreaterThan(minutes * 60_000 - 5_000);
				gateway.double.advance(minutes * 60_000 + 1_000);
				await gateway.collect(receipt, message);
			}
			const error = await failure(gateway.collect(receipt, message));
			expect(error).toMatchObject({ kind: "rejected", message: expect.stringContaining("HTTP 401 of the provider") });
			expect(gateway.double.prompts).toHaveLength(3);
			gateway.double.answerWith(() => ({ text: "Spain" }));
			await gateway.send(message);
			expect(await gateway.collect(receipt, message), "replayed").toEqual(collected(message, "Spain"));
		},
	);

	test("and then works is not told of", async () => {
		const message = ask();
		gateway.double.answerWith(() => ({ error: "overloaded" }));
		const receipt = await gateway.send(message);
		gateway.double.advance(61_000);
		gateway.double.answerWith(() => ({ text: "Spain" }));
		await gateway.collect(receipt, message);
		expect(await gateway.collect(receipt, message)).toEqual(collected(message, "Spain"));
	});
});

test("a gateway that is silent ends with the attempt, and says whether it may have the message", async () => {
	for (const [method, mayHaveBeenAccepted] of [
		["connect", false],
		["chat.history", false],
		["agent", true],
	] as const) {
		gateway.double.break({ on: [method], hang: true });
		const began = performance.now();
		expect(await failure(gateway.connection.send(ask(), AbortSignal.timeout(200))), method).toMatchObject({
			kind: "unavailable",
			mayHaveBeenAccepted,
		});
		expect(performance.now() - began).toBeLessThan(3_000);
	}
});

test("a gateway that isn't there, or isn't allowed, or is something else", async () => {
	const gone = await startHttp(() => {});
	await gone.close();
	const to = async (url: string) => failure((await gateway.open({ url })).send(ask(), AbortSignal.timeout(3_000)));
	expect(await to("ws://127.0.0.1:5432")).toMatchObject({ kind: "rejected" });
	expect(await to(`ws://127.0.0.1:${gone.port}`)).toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: false });
	expect(await to("ws://10.0.0.1:18789")).toMatchObject({ kind: "rejected", remedy: expect.stringContaining("allowed_networks") });
	gateway.double.break({ on: ["connect"], error: refused("PROTOCOL_MISMATCH") });
	expect(await failure(gateway.connection.send(ask(), signal()))).toMatchObject({
		kind: "unauthorized",
		remedy: expect.stringContaining("openclaw update"),
	});
});
