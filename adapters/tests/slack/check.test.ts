import { describe, expect, test } from "vitest";
import { neededScopes } from "../../src/slack/check.ts";
import { slack as adapter } from "../../src/slack/index.ts";
import { connect, signal, useSlack } from "./harness.ts";
import { postOfEvent } from "./posts.ts";
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

	test("tries the app-level token, without which answers stay away and messages don't", async () => {
		const withToken = (app_token: string) => connect(slack.double.url, { bot_token: token, app_token });
		expect(await (await withToken(workspace.appToken)).check([], signal())).toEqual([]);
		const [finding, ...others] = await (await withToken("xapp-wrong-wrong-wrong")).check([], signal());
		expect(finding).toEqual({
			problem: "Answers don't arrive: Slack refused the app-level token (invalid_auth).",
			remedy: expect.stringContaining("connections:write"),
		});
		expect(others).toEqual([]);
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
	const secrets = (fields: object) => adapter.secrets.safeParse({ bot_token: token, ...fields });
	for (const right of [{ signing_secret: signingSecret }, { app_token: workspace.appToken }]) expect(secrets(right).success).toBe(true);
	for (const wrong of [{ bot_token: "xoxp-1234567890-person" }, { signing_secret: "short" }, { app_token: token }])
		expect(secrets({ signing_secret: signingSecret, ...wrong }).success).toBe(false);
	const problems = secrets({ bot_token: undefined }).error?.issues.map(({ path, message }) => `${path} ${message}`);
	expect(problems).toEqual([
		"bot_token must be given",
		expect.stringContaining("signing_secret must be given where there is no app-level token"),
	]);
});

test("posts of Slack need the signing secret; by an app-level token alone AgentPlanner listens", () => {
	const config = (secrets: object) => ({ settings: { app_id: appId }, secrets: { bot_token: token, ...secrets } });
	expect(adapter.listens?.(config({ app_token: workspace.appToken }))).toBe(true);
	expect(adapter.listens?.(config({ signing_secret: signingSecret }))).toBe(false);
	const { headers, body } = postOfEvent({ type: "app_uninstalled" }, "Ev1");
	const verify = (secrets: object) =>
		adapter.verify?.({ method: "POST", headers, rawBody: Buffer.from(body) }, config(secrets), new Date());
	expect(() => verify({ signing_secret: signingSecret })).not.toThrow();
	expect(() => verify({ app_token: workspace.appToken })).toThrow(
		expect.objectContaining({ kind: "unauthorized", message: expect.stringContaining("no signing secret") }),
	);
});
