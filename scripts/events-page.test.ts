import { readFileSync } from "node:fs";
import { describeEventTypes } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { pageFile, withEvents } from "./events-page.ts";

const page = readFileSync(pageFile, "utf8");

describe("docs/events.md", () => {
	test("has the events as they are", () => {
		expect(page === withEvents(page) ? "" : "Run: npx node scripts/events-page.ts").toBe("");
	});

	test("begins with an example that GET /event-types gives, too", () => {
		const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
		expect(example).toEqual(describeEventTypes().find(({ type }) => type === example.type)?.example);
	});
});
