import { describe, expect, test } from "vitest";
import { neededScopes } from "../../src/slack/check.ts";
import { slack as adapter } from "../../src/slack/index.ts";
import { connect, signal, useSlack } from "./harness.ts";
import { workspace } from "./workspace.ts";

const { channel, appId, token, signingSecret } = workspace;
const slack = useSlack();

describe("the check", () => {
	test("names the missing scopes, and only what stops sending holds messages back", async () => {
		const without = async (...missing: string[]) => {
			slack.double.grant(Object.keys(neededScopes).filter((scope) => !missing.includes(scope)));
			const [finding, ...others] = await slack.connection.check([], signal());
			expect(others).toEqual([]);
			return finding;
		};
		const harmless = await without("groups:read", "users:read");
		expect(harmless?.problem).toContain("scopes: groups:read to see which private channels it is in, users:read");
		expect(harmless).not.toHaveProperty("kind");
		expect(await without("chat:write")).toMatchObject({ kind: "unauthorized", problem: expect.stringContaining("chat:write") });
		expect(await without()).toBeUndefined();
	});

	test("names each channel that routes lead to and that it can't work in", async () => {
		slack.double.addChannel("C0STRANGER", { is_member: false });
		slack.double.addChannel("C0ARCHIVED", { is_archived: true });
		const problems = await slack.connection.check([channel, "C0STRANGER", "C0ARCHIVED", "C0NOWHERE", "#general", ""], signal());
		expect(problems.map(({ problem }) => problem)).toEqual([
			"The app is not in the channel C0STRANGER.",
			"The channel C0ARCHIVED is archived.",
			expect.stringContaining("Channel C0NOWHERE: "),
			expect.stringContaining("#general"),
			"The route names no channel.",
		]);
		for (const { kind } of problems) expect(kind).not.toBe("unauthorized");
	});

	test("of a wrong token is one problem", async () => {
		const wrong = await connect(slack.double.url, { bot_token: "xoxb-wrong-wrong-wrong", signing_secret: signingSecret });
		expect(await wrong.check([channel], signal())).toMatchObject([
			{ kind: "unauthorized", problem: expect.stringContaining("invalid_auth") },
		]);
	});
});

test("settings and secrets that can't be right are refused with what to enter", () => {
	const settings = (fields: object) => adapter.settings.safeParse({ app_id: appId, ...fields }).success;
	expect(settings({ allowed_bots: "A0FRIEND1, A0FRIEND2" })).toBe(true);
	for (const wrong of [{ app_id: "T0TEAM123" }, { allowed_bots: "U0SOMEBODY" }, { api_url: "ftp://slack" }, { team: "x" }])
		expect(settings(wrong)).toBe(false);
	const secrets = (fields: object) => adapter.secrets.safeParse({ bot_token: token, signing_secret: signingSecret, ...fields }).success;
	expect(secrets({})).toBe(true);
	for (const wrong of [{ bot_token: "xoxp-1234567890-person" }, { signing_secret: "short" }]) expect(secrets(wrong)).toBe(false);
});
