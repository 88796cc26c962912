import { expect, test } from "vitest";
import { locateProblems } from "./locate-problems.ts";
import { readInput } from "./read-input.ts";

test("what begins with a brace is JSON, anything else Markdown", () => {
	expect(readInput("# Plan")).toEqual({ input: { format: "markdown", content: "# Plan" } });
	expect(readInput(' {"format":"agentplanner.plan"}')).toEqual({ input: { format: "agentplanner.plan" } });
	expect(readInput("{")).toEqual({ problem: expect.stringContaining("JSON") });
});

test("a problem is named with its line, or with the node it is about", () => {
	const document = { nodes: [{ title: "First" }, {}] };
	const place = (field: string, message = "is wrong") => locateProblems([{ field, message }], document)[0];
	expect(place("body.content", "line 12: “Due” is a day")).toEqual({ place: "Line 12", line: 12, message: "“Due” is a day" });
	expect(place("body.nodes.0.waits_for.1")).toEqual({ place: "“First”, waits_for", line: null, message: "is wrong" });
	expect(place("body.nodes.1")?.place).toBe("nodes.1");
	expect(place("body.plan.title")?.place).toBe("plan.title");
	expect(place("body")?.place).toBe("The file");
});
