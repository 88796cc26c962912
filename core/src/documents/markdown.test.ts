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
	...more,
});
const document = (nodes: DocumentNode[], plan = { title: "Launch", description: "" }): PlanDocument => ({
	format: "agentplanner.plan",
	format_version: 1,
	plan,
	nodes,
});

const written = `# Launch the spring release

From code freeze to announcement.

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
  - [!] Choose the picture

- [-] Print it

## Announce

- [ ] Milestone: Announced
  - Due: 2027-03-05T09:00:00Z
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
		}),
		node("1.2.1", "Choose the picture", { status: "blocked" }),
		node("1.3", "Print it", { status: "cancelled" }),
		node("2", "Announce", { kind: "phase" }),
		node("2.1", "Announced", { kind: "milestone", due_at: "2027-03-05T09:00:00.000Z" }),
	],
	{ title: "Launch the spring release", description: "From code freeze to announcement." },
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

	test("twenty levels fit, as headings and then as items", () => {
		const ids = Array.from({ length: 20 }, (_, level) => Array.from({ length: level + 1 }, () => 1).join("."));
		const deep = document(ids.map((id) => node(id, `Level ${id.split(".").length}`, { kind: "phase", agent_instructions: "a\n\n    b" })));
		expect(readMarkdown(writeMarkdown(deep))).toEqual(deep);
	});
});

describe("Markdown that somebody wrote by hand", () => {
	test("needs no signs: headings are phases, list items tasks, of any kind of list", () => {
		const { plan, nodes } = readMarkdown(
			"Trip\n====\n\n## Before\n* Book *the* train\n\t* Seats\n1) Pack\n   and weigh\n\n#### Deep\n+ [X] done\n",
		);
		expect(plan).toEqual({ title: "Trip", description: "" });
		expect(nodes.map(({ id, kind, title, status }) => [id, kind, title, status])).toEqual([
			["1", "phase", "Before", "not_started"],
			["1.1", "task", "Book *the* train", "not_started"],
			["1.1.1", "task", "Seats", "not_started"],
			["1.2", "task", "Pack and weigh", "not_started"],
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
