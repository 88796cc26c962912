import { expect, test } from "vitest";
import { discord } from "../../src/discord/index.ts";
import { settings } from "./harness.ts";
import { world } from "./world.ts";

const { token } = world;

test("settings and secrets that can't be right are refused with what to enter", () => {
	const good = (fields: object) => discord.settings.safeParse({ ...settings, ...fields }).success;
	expect(good({ allowed_bots: "1160000000000000099, 1160000000000000098", gateway: "all" })).toBe(true);
	for (const wrong of [
		...[{ application_id: "planner" }, { public_key: "abc" }, { gateway: "yes" }, { allowed_bots: "helper" }],
		...[{ api_url: "ftp://discord" }, { guild: "x" }],
	])
		expect(good(wrong)).toBe(false);
	for (const [bot_token, isGood] of [[token, true] as const, ["xoxb-1234567890-slack", false] as const, [`Bot ${token}`, false] as const])
		expect(discord.secrets.safeParse({ bot_token }).success).toBe(isGood);
});

test("who doesn't want the gateway isn't listened for", () => {
	const config = (gateway: "off" | "mentions" | "all") => ({ settings: { ...settings, gateway }, secrets: { bot_token: token } });
	expect((["off", "mentions", "all"] as const).map((gateway) => discord.listens?.(config(gateway)))).toEqual([false, true, true]);
});
