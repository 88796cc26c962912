import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pageFile, withEvents } from "./events-page.ts";

test("docs/events.md has the events as they are", () => {
	const page = readFileSync(pageFile, "utf8");
	expect(page === withEvents(page) ? "" : "Run: npx node scripts/events-page.ts").toBe("");
});
