import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { manifest } from "../../src/slack/manifest.ts";

test("the guide's manifest is the wizard's", () => {
	const guide = readFileSync(new URL("../../../docs/slack.md", import.meta.url), "utf8");
	expect(JSON.parse(/```json\n(.*?)\n```/s.exec(guide)?.[1] ?? "")).toEqual(manifest);
});
