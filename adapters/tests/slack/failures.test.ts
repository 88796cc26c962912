import { describe, expect, test } from "vitest";
import { ask, connect, signal, useSlack } from "./harness.ts";
import { startSlackDouble } from "./slack-double.ts";
import { workspace } from "./workspace.ts";

const slack = useSlack();

describe("what Slack says", () => {
	const failure = (body: object, status = 200, headers = {}) => {
		slack.double.behave({ kind: "status", status, headers, body: JSON.stringify(body) });
		return expect(slack.connection.send(ask(), signal())).rejects;
	};

	test("429 waits as long as it says, or half a minute", async () => {
		await failure({}, 429, { "retry-after": "7" }).toMatchObject({ kind: "rate_limited", retryAfterMs: 7_000 });
		await failure({}, 429).toMatchObject({ kind: "rate_limited", retryAfterMs: 30_000, mayHaveBeenAccepted: false });
		await failure({ ok: false, error: "ratelimited" }).toMatchObject({ kind: "rate_limited", retryAfterMs: 30_000 });
	});

	test("a missing scope is named, with where to add it", () =>
		failure({ ok: false, error: "missing_scope", needed: "chat:write", provided: "" }).toMatchObject({
			kind: "unauthorized",
			message: expect.stringContaining("chat:write"),
			remedy: expect.stringContaining("OAuth & Permissions"),
		}));

	test.each([
		["token_revoked", "unauthorized", "reinstall"],
		["not_in_channel", "rejected", "/invite"],
		["channel_not_found", "rejected", "/invite"],
		["is_archived", "rejected", "Unarchive"],
		["msg_too_long", "rejected", "defect"],
		["a_code_of_tomorrow", "rejected", "response below"],
	])("%s: %s", (code, kind, remedy) =>
		failure({ ok: false, error: code }).toMatchObject({ kind, remedy: expect.stringContaining(remedy) }),
	);

	test("what changes in the workspace in between is met by the next message, with what to do", async () => {
		const next = async () =>
			slack.connection.send(ask(), signal()).then(
				() => null,
				(error: unknown) => error,
			);
		expect(await next()).toBeNull();
		slack.double.grant(["channels:read"]);
		expect(await next()).toMatchObject({ kind: "unauthorized", message: expect.stringContaining("chat:write") });
		slack.double.grant();
		slack.double.addChannel(workspace.channel, { is_archived: true });
		expect(await next()).toMatchObject({ kind: "rejected", remedy: expect.stringContaining("Unarchive") });
		slack.double.revoke(workspace.token);
		expect(await next()).toMatchObject({ kind: "unauthorized", message: expect.stringContaining("token_revoked") });
	});

	test("a call that hangs ends with its attempt, and may have been heard", async () => {
		slack.double.behave({ kind: "hang" });
		await expect(slack.connection.send(ask(), AbortSignal.timeout(200))).rejects.toMatchObject({
			kind: "unavailable",
			mayHaveBeenAccepted: true,
		});
	});

	test("one call is one call: nothing is retried behind our back", async () => {
		for (const fault of [{ kind: "cut" } as const, { kind: "status", status: 500 } as const, { kind: "status", status: 429 } as const]) {
			slack.double.received.length = 0;
			slack.double.behave(fault);
			await expect(slack.connection.send(ask(), signal())).rejects.toThrow();
			expect(slack.double.received).toHaveLength(1);
		}
	});

	test("no address, no call: nothing was sent", async () => {
		const gone = await startSlackDouble();
		await gone.close();
		const away = await connect(gone.url);
		await expect(away.send(ask(), signal())).rejects.toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: false });
	});
});

test("a person is called by the name that Slack shows; who isn't one has none", async () => {
	expect(await slack.connection.nameOf?.("U0ADALOVEL", signal())).toBe("Ada L.");
	expect(await slack.connection.nameOf?.("Helper", signal())).toBeNull();
	await expect(slack.connection.nameOf?.("U0STRANGER", signal())).rejects.toMatchObject({ kind: "rejected" });
});
