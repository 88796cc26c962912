import { describe, expect, test } from "vitest";
import { openclaw } from "../../src/openclaw/index.ts";
import { gatewayToken } from "./gateway-double.ts";
import { ask, failure, signal, useGateway } from "./harness.ts";

const gateway = useGateway();

describe("checking", () => {
	test("names agents that routes mean and the gateway hasn't", async () => {
		expect(await gateway.connection.check(["", "researcher"], signal())).toEqual([]);
		expect(await gateway.connection.check(["writer"], signal())).toMatchObject([
			{ problem: expect.stringContaining("“writer”; it has main, researcher") },
		]);
		expect(await (await gateway.open({ agent: "gone" })).check([], signal())).toMatchObject([
			{ problem: expect.stringContaining("“gone”") },
		]);
	});

	test("a device that isn't approved is told with the command that approves it, and then works", async () => {
		gateway.double.requirePairing("526d34ab-0b9c");
		const [finding] = await gateway.connection.check([], signal());
		expect(finding).toMatchObject({ kind: "unauthorized", remedy: expect.stringContaining("openclaw devices approve 526d34ab-0b9c") });
		gateway.double.approve("526d34ab-0b9c");
		expect(await gateway.connection.check([], signal())).toEqual([]);
	});

	test("a wrong token and missing scopes are told with what to do", async () => {
		const wrong = await gateway.open({}, "wrong-token-1");
		expect(await wrong.check([], signal())).toMatchObject([{ kind: "unauthorized", remedy: expect.stringContaining("auth-token --show") }]);
		gateway.double.grant(["operator.read"]);
		expect(await gateway.connection.check([], signal())).toMatchObject([
			{ kind: "unauthorized", problem: expect.stringContaining("operator.write") },
		]);
	});

	test("what the gateway says of us holds no secret", async () => {
		gateway.double.break({ on: ["agent"], error: { code: "INVALID_REQUEST", message: `no: ${gatewayToken}` } });
		const error = await failure(gateway.connection.send(ask(), signal()));
		expect(`${error.message} ${JSON.stringify(error.exchange)}`).not.toContain(gatewayToken);
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
