import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { neededScopes } from "../../src/slack/check.ts";

test("the manifest to paste asks for the scopes that the check looks for, no more and no fewer", () => {
	const guide = readFileSync(new URL("../../../docs/slack.md", import.meta.url), "utf8");
	const manifest = JSON.parse(/```json\n(.*?)\n```/s.exec(guide)?.[1] ?? "");
	expect(manifest.oauth_config.scopes.bot).toEqual(expect.arrayContaining(Object.keys(neededScopes)));
	expect(manifest.oauth_config.scopes.bot).toHaveLength(Object.keys(neededScopes).length);
});
