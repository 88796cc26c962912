import { type DocumentNode, nodeKinds, nodeStatuses, type PlanDocument, taskModes } from "@agentplanner/contracts";
import fc from "fast-check";

/** Text of pieces that mean something to Markdown, or to our files. */
const pieces = (...more: string[]) =>
	fc.constantFrom(
		..."a é😀 *_`[]()<>!#&;~|\\:-+=.1",
		...["word", "Due: 2027-03-01", "Milestone:", "[x]", "[ ] ", "&amp;", "https://example.org", "<b>", "<!--", "\u00a0", "\u2028", "  "],
		...more,
	);

const title = fc
	.array(pieces(), { minLength: 1, maxLength: 8 })
	.map((parts) => parts.join("").trim())
	.filter((text) => text !== "");

const text = fc.oneof(
	{ weight: 3, arbitrary: fc.constant("") },
	fc
		.array(
			pieces(
				"\n",
				"\n",
				"\n\n",
				"\n- ",
				"\n# ",
				"\n> ",
				"```",
				"\n```\n",
				"~~~",
				"---",
				"\n===",
				"\t",
				"    ",
				"\r\n",
				"1. ",
				"[x]: http://a",
			),
			{
				maxLength: 14,
			},
		)
		.map((parts) => parts.join("")),
	fc.constantFrom("At most 200 words.", "- Names the date\n- Has a picture", "First.\n\nSecond."),
);

const moment = fc.oneof(
	fc.constant(null),
	fc.date({ min: new Date("1970-01-02"), max: new Date("9998-12-30"), noInvalidDate: true }).map((date) => date.toISOString()),
	fc.constant("2027-03-01T23:59:59.000Z"),
);

/** Where each node stands under an earlier one, or at the top level; at most twenty levels. */
const shape = fc.array(fc.nat(), { maxLength: 30 });

const anyNode = fc.record({
	kind: fc.constantFrom(...nodeKinds),
	title,
	status: fc.constantFrom(...nodeStatuses),
	description: text,
	context: text,
	labels: fc.uniqueArray(
		fc.oneof(
			fc.constantFrom("urgent", "a, b", '5" pipe', '"quoted"', "C:\\\\x, y"),
			title.filter(({ length }) => length <= 50),
		),
		{
			maxLength: 3,
			selector: (label) => label.toLowerCase(),
		},
	),
	task_mode: fc.constantFrom(...taskModes),
	agent_instructions: text,
	acceptance_criteria: text,
	due_at: moment,
});

/** Any plan as an export writes it: nodes after their parents, ids counted. */
export const anyDocument: fc.Arbitrary<PlanDocument> = fc.record({ title, description: text, shape }).chain(({ shape: parents, ...plan }) =>
	fc.array(anyNode, { minLength: parents.length, maxLength: parents.length }).map((nodes) => ({
		format: "agentplanner.plan" as const,
		format_version: 1 as const,
		plan,
		nodes: inOrder(nodes, parents),
	})),
);

const maxDepth = 20;

const inOrder = (nodes: Omit<DocumentNode, "id" | "parent">[], choices: number[]): DocumentNode[] => {
	const parents: (number | null)[] = [];
	const depths: number[] = [];
	for (const [index, choice] of choices.entries()) {
		const parent = choice % (index + 1) === index ? null : choice % (index + 1);
		const fits = parent !== null && (depths[parent] ?? 0) < maxDepth;
		parents.push(fits ? parent : null);
		depths.push(fits ? (depths[parent] ?? 0) + 1 : 1);
	}
	const under = (parent: number | null, parentId: string | null): DocumentNode[] =>
		parents
			.flatMap((candidate, index) => (candidate === parent ? [index] : []))
			.flatMap((index, place) => {
				const id = [...(parentId === null ? [] : [parentId]), place + 1].join(".");
				return [{ id, parent: parentId, ...(nodes[index] as Omit<DocumentNode, "id" | "parent">) }, ...under(index, id)];
			});
	return under(null, null);
};
