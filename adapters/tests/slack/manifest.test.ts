import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { manifest } from "../../src/slack/manifest.ts";

test("the guide's manifest is the wizard's", () => {
	const guide = readFileSync(new URL("../../../docs/slack.md", import.meta.url), "utf8");
	expect(JSON.parse(/```json\n(.*?)\n```/s.exec(guide)?.[1] ?? "")).toEqual(manifest);
});

test("everything that the app hears needs a scope that the manifest asks for, and no address of ours", () => {
	const scopeOf: Record<string, string> = {
		"message.channels": "channels:history",
		"message.groups": "groups:history",
		"message.im": "im:history",
	};
	const { event_subscriptions, socket_mode_enabled, interactivity } = manifest.settings;
	for (const event of event_subscriptions.bot_events)
		if (event.startsWith("message.")) expect(manifest.oauth_config.scopes.bot).toContain(scopeOf[event]);
	expect(event_subscriptions.bot_events).toEqual(expect.arrayContaining(["app_uninstalled", "tokens_revoked"]));
	expect([socket_mode_enabled, interactivity.is_enabled]).toEqual([true, true]);
	expect(manifest.features.slash_commands).toMatchObject([{ command: "/planner" }]);
	expect(manifest.oauth_config.scopes.bot).toContain("commands");
	expect(JSON.stringify(manifest)).not.toContain("request_url");
});
