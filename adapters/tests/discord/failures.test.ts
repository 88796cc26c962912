import { describe, expect, test } from "vitest";
import { startDiscordDouble } from "./discord-double.ts";
import { ask, connect, signal, useDiscord } from "./harness.ts";

const discord = useDiscord();

describe("what Discord says", () => {
	const failure = (body: object | string, status: number, headers = {}) => {
		discord.double.behave({ kind: "status", status, headers, body: typeof body === "string" ? body : JSON.stringify(body) });
		return expect(discord.connection.send(ask(), signal())).rejects;
	};
	const html = { "content-type": "text/html" };

	test("429 waits as long as it says, or a minute where its shield says nothing", async () => {
		await failure({ retry_after: 1.337, global: true }, 429, { "retry-after": "2" }).toMatchObject({ retryAfterMs: 1_337 });
		await failure("", 429, { "retry-after": "7" }).toMatchObject({ kind: "rate_limited", retryAfterMs: 7_000 });
		await failure({ retry_after: 0 }, 429).toMatchObject({ retryAfterMs: 1_000 });
		await failure("<html>1015</html>", 429, html).toMatchObject({ kind: "rate_limited", retryAfterMs: 60_000, mayHaveBeenAccepted: false });
		await failure({ code: 20_016, message: "slow", retry_after: 4 }, 400).toMatchObject({ kind: "rate_limited", retryAfterMs: 4_000 });
	});

	test.each([
		[401, 0, "unauthorized", "Reset Token"],
		[403, 50_001, "rejected", "View Channel"],
		[403, 50_013, "rejected", "Test now"],
		[404, 10_003, "rejected", "channel's id"],
		[400, 200_000, "rejected", "AutoMod"],
		[400, 999_999, "rejected", "response below"],
	])("%i with code %i: %s", (status, code, kind, remedy) =>
		failure({ code, message: "No" }, status).toMatchObject({ kind, remedy: expect.stringContaining(remedy) }),
	);

	test("a token that was refused once is tried again, once it is right", async () => {
		discord.double.next({ kind: "status", status: 401, body: '{"code":0,"message":"401: Unauthorized"}' });
		await expect(discord.connection.send(ask(), signal())).rejects.toMatchObject({ kind: "unauthorized" });
		expect(await discord.connection.send(ask(), signal())).toMatchObject({ receipt: { platformId: expect.any(String) } });
	});

	test("a call that hangs ends with its attempt, and may have been heard", async () => {
		discord.double.behave({ kind: "hang" });
		await expect(discord.connection.send(ask(), AbortSignal.timeout(200))).rejects.toMatchObject({
			kind: "unavailable",
			mayHaveBeenAccepted: true,
		});
	});

	test("one call is one call: nothing is retried behind our back", async () => {
		for (const fault of [{ kind: "cut" } as const, { kind: "status", status: 500 } as const, { kind: "status", status: 429 } as const]) {
			discord.double.received.length = 0;
			discord.double.behave(fault);
			await expect(discord.connection.send(ask(), signal())).rejects.toThrow();
			expect(discord.double.received).toHaveLength(1);
		}
	});

	test("no address, no call: nothing was sent", async () => {
		const gone = await startDiscordDouble();
		await gone.close();
		const away = await connect(gone.url);
		await expect(away.send(ask(), signal())).rejects.toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: false });
	});
});
