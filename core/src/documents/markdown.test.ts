import type { DocumentNode, PlanDocument } from "@agentplanner/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UnprocessableError } from "../errors.ts";
import { readMarkdown } from "./read-markdown.ts";
import { anyDocument } from "./testing.ts";
import { writeMarkdown } from "./write-markdown.ts";

const node = (id: string, title: string, more: Partial<DocumentNode> = {}): DocumentNode => ({
	id,
	parent: id.includes(".") ? id.replace(/\.\d+$/, "") : null,
	kind: "task",
	title,
	status: "not_started",
	description: "",
	context: "",
	labels: [],
	task_mode: "free",
	agent_instructions: "",
	acceptance_criteria: "",
	due_at: null,
	waits_for: [],
	relates_to: [],
	...more,
});
const document = (nodes: DocumentNode[], plan: Partial<PlanDocument["plan"]> = {}): PlanDocument => ({
	format: "agentplanner.plan",
	format_version: 1,
	plan: { title: "Launch", description: "", status: "active", ...plan },
	nodes,
});

const written = `# Launch the spring release

From code freeze to announcement.

- Status: draft

## [/] Prepare

- [x] Freeze the code
- [ ] Draft the announcement

  For customers, not for the press.

  - Due: 2027-03-01
  - Labels: urgent, "press, radio"
  - Mode: implement
  - Instructions: At most 200 words.
  - Acceptance criteria:
    - Names the date
    - Has a picture
  - Waits for: Freeze the code
  - [!] Choose the picture

- [-] Print it

## Announce

- [ ] Milestone: Announced
  - Due: 2027-03-05T09:00:00Z
  - Waits for: Prepare, "Send it, at last"
  - Related to: Print it
- [ ] Send it, at last
`;

const launch = document(
	[
		node("1", "Prepare", { kind: "phase", status: "in_progress" }),
		node("1.1", "Freeze the code", { status: "completed" }),
		node("1.2", "Draft the announcement", {
			description: "For customers, not for the press.",
			due_at: "2027-03-01T23:59:59.000Z",
			labels: ["urgent", "press, radio"],
			task_mode: "implement",
			agent_instructions: "At most 200 words.",
			acceptance_criteria: "- Names the date\n- Has a picture",
			waits_for: ["1.1"],
		}),
		node("1.2.1", "Choose the picture", { status: "blocked" }),
		node("1.3", "Print it", { status: "cancelled" }),
		node("2", "Announce", { kind: "phase" }),
		node("2.1", "Announced", {
			kind: "milestone",
			due_at: "2027-03-05T09:00:00.000Z",
			waits_for: ["1", "2.2"],
			relates_to: ["1.3"],
		}),
		node("2.2", "Send it, at last"),
	],
	{ title: "Launch the spring release", description: "From code freeze to announcement.", status: "draft" },
);

describe("a plan as Markdown", () => {
	test("is what people would write, and reads back as it was", () => {
		expect(writeMarkdown(launch)).toBe(written);
		expect(readMarkdown(written)).toEqual(launch);
		expect(readMarkdown(`\uFEFF${written.replaceAll("\n", "\r\n")}`)).toEqual(launch);
	});

	test("any plan is the same after Markdown and back", () => {
		fc.assert(
			fc.property(anyDocument, (any) => {
				expect(readMarkdown(writeMarkdown(any))).toEqual(any);
			}),
			{ numRuns: 150 },
		);
	});

	test("what stands before the first phase are items, and what follows one are headings, so that order and level stay", () => {
		const mixed = document([
			node("1", "First"),
			node("2", "Phase", { kind: "phase" }),
			node("2.1", "Below"),
			node("3", "Between"),
			node("4", "Done", { kind: "milestone" }),
		]);
		expect(writeMarkdown(mixed)).toBe("# Launch\n\n- [ ] First\n\n## Phase\n\n- [ ] Below\n\n## Task: Between\n\n## Milestone: Done\n");
		expect(readMarkdown(writeMarkdown(mixed))).toEqual(mixed);
	});

	test("nodes that bear one title get an id where others wait for them", () => {
		const twins = document([
			node("1", "Review"),
			node("2", "review", { waits_for: ["1"] }),
			node("3", "Ship", { waits_for: ["2"] }),
			node("4", "Review-1"),
		]);
		expect(writeMarkdown(twins)).toBe(
			"# Launch\n\n- [ ] Review\n  - Id: review-2\n- [ ] review\n  - Id: review-3\n  - Waits for: review-2\n- [ ] Ship\n  - Waits for: review-3\n- [ ] Review-1\n",
		);
		expect(readMarkdown(writeMarkdown(twins))).toEqual(twins);
	});

	test("twenty levels fit, as headings and then as items", () => {
		const ids = Array.from({ length: 20 }, (_, level) => Array.from({ length: level + 1 }, () => 1).join("."));
		const deep = document(ids.map((id) => node(id, `Level ${id.split(".").length}`, { kind: "phase", agent_instructions: "a\n\n    b" })));
		expect(readMarkdown(writeMarkdown(deep))).toEqual(deep);
	});
});

describe("Markdown that somebody wrote by hand", () => {
	test("needs no signs: headings are phases, list items tasks, of any kind of list", () => {
		const { plan, nodes } = readMarkdown("Trip\n====\n\n## Before\n* Book *the* train\n\t* Seats\n1) Pack\n\n#### Deep\n+ [X] done\n");
		expect(plan).toEqual({ title: "Trip", description: "", status: "active" });
		expect(nodes.map(({ id, kind, title, status }) => [id, kind, title, status])).toEqual([
			["1", "phase", "Before", "not_started"],
			["1.1", "task", "Book *the* train", "not_started"],
			["1.1.1", "task", "Seats", "not_started"],
			["1.2", "task", "Pack", "not_started"],
			["1.3", "phase", "Deep", "not_started"],
			["1.3.1", "task", "done", "completed"],
		]);
	});

	test("may say more anywhere: what is no node and no field is described, and nothing is lost", () => {
		const { plan, nodes } = readMarkdown(
			"# Trip\n\nWhy.\n\n> A quote.\n\n- Task\n\n  ```sh\n  - [ ] no task\n  ```\n  - owner: Bob\n  - context: known\n    already\n\n<!-- seen -->\n",
		);
		expect(plan.description).toBe("Why.\n\n> A quote.\n\n<!-- seen -->");
		expect(nodes).toEqual([
			node("1", "Task", { description: "```sh\n- [ ] no task\n```", context: "known\nalready" }),
			node("1.1", "owner: Bob"),
		]);
	});

	test("keeps a title to its line: what follows without an empty line between is described", () => {
		const read = readMarkdown(
			"# P\n\n- [x] Pack\n  the blue box,\n  - Due: 2027-03-01\n  - Fill it\nto the brim\n- Send\n  it\n\n  at last\n",
		);
		expect(read.nodes.map(({ id, title, description }) => [id, title, description])).toEqual([
			["1", "Pack", "the blue box,"],
			["1.1", "Fill it", "to the brim"],
			["2", "Send", "it\n\nat last"],
		]);
		expect(read.nodes[0]?.due_at).not.toBeNull();
	});

	test("says what waits for what by title, wherever that stands, in capitals or not, with backslashes or without", () => {
		const { nodes } = readMarkdown(
			"# Trip\n- Go\n  - waits for: book *the* train, \\[x] marks\n- Book *the* train\n- \\[x] marks\n  - Related to: [x] marks the spot, pack\n- Pack\n  - Id: pack\n- Pack\n- \\[x] marks the spot\n",
		);
		expect(nodes.map(({ id, title, waits_for, relates_to }) => [id, title, waits_for, relates_to])).toEqual([
			["1", "Go", ["2", "3"], []],
			["2", "Book *the* train", [], []],
			["3", "[x] marks", [], ["6", "4"]],
			["4", "Pack", [], []],
			["5", "Pack", [], []],
			["6", "[x] marks the spot", [], []],
		]);
	});

	test("that is no plan is refused, with the line of everything that is wrong", () => {
		const problemsOf = (markdown: string): string[] => {
			try {
				readMarkdown(markdown);
			} catch (error) {
				if (error instanceof UnprocessableError) return error.fields.map(({ message }) => message);
				throw error;
			}
			return [];
		};
		expect(problemsOf("")).toEqual([expect.stringMatching(/^line 1: .*# Title/)]);
		expect(problemsOf("\n## Phase\n")).toEqual([expect.stringMatching(/^line 2: .*# Title/)]);
		expect(problemsOf("Hello.\n\n# Title\n")).toEqual([expect.stringMatching(/^line 1: .*before the plan's title/)]);
		expect(problemsOf("# A\n\n# B\n")).toEqual([expect.stringMatching(/^line 3: .*second title/)]);
		expect(
			problemsOf(
				"# Trip\n- Due: 2027-03-01\n\n- [?] odd\n- [ ]\n- > quote\n- Task\n  - Due: soon\n  - Mode: fast\n  - Instructions: a\n  - Instructions: b\n",
			),
		).toEqual([
			expect.stringMatching(/^line 2: A plan has no “Due”/),
			expect.stringMatching(/^line 4: \[\?\] is no status/),
			expect.stringMatching(/^line 5: .*no title/),
			expect.stringMatching(/^line 6: .*no title/),
			expect.stringMatching(/^line 8: “Due” is a day such as/),
			expect.stringMatching(/^line 9: “Mode” is one of research/),
			expect.stringMatching(/^line 11: “Instructions” stands here twice/),
		]);
		expect(problemsOf(`# Trip\n\n- ${"x".repeat(301)}\n- Task\n  - Context: ${"y".repeat(20_001)}\n`)).toEqual([
			"line 3: The title must be at most 300 characters long",
			"line 5: Context must be at most 20000 characters long",
		]);
		expect(problemsOf("# A\n- Status: late\n- One\n  - Id: x\n- Two\n  - Id: X\n")).toEqual([
			"line 2: “Status” is one of draft, active, completed, archived.",
			"line 6: “X” is the id of another node, too. Give each its own.",
		]);
		expect(problemsOf("# A\n- One\n- One\n- Two\n  - Waits for: One, Three\n")).toEqual([
			expect.stringMatching(/^line 5: “Waits for” names “One”, which is the title of 2 nodes\. .*Id/),
			expect.stringMatching(/^line 5: “Waits for” names “Three”, which is no title in this file/),
		]);
		expect(problemsOf("# A\n- One\n  - Related to: One\n")).toEqual(["line 3: “Related to” names the node itself"]);
		expect(problemsOf("# A\n## P\n- One\n  - Waits for: Two\n- Two\n  - Waits for: Q\n## Q\n- Three\n  - Waits for: P\n")).toEqual([
			"line 9: “Waits for” closes a circle in which these nodes wait for each other: “P” blocks “Three”, “Three” is part of “Q”, “Q” blocks “Two”, “Two” blocks “One”, “One” is part of “P”",
		]);
		const stairs = Array.from({ length: 21 }, (_, level) => `${"  ".repeat(level)}- x\n`).join("");
		expect(problemsOf(`# Trip\n\n${stairs}`)).toEqual([expect.stringMatching(/^line 23: A plan is at most 20 levels deep/)]);
	});
});

test("ten thousand tasks are written and read in seconds", () => {
	const many = document(
		Array.from({ length: 10_000 }, (_, index) => node(`${index + 1}`, `Task ${index}`, { acceptance_criteria: "- One\n- Two" })),
	);
	const { user: before } = process.cpuUsage();
	const written = writeMarkdown(many);
	expect(readMarkdown(written)).toEqual(many);
	expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(10);
	expect(() => readMarkdown(`${written}- [ ] one more\n`)).toThrow(UnprocessableError);
}, 60_000);
