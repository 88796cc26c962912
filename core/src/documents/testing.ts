import { type DocumentNode, nodeKinds, nodeStatuses, type PlanDocument, planStatuses, taskModes } from "@agentplanner/contracts";
import fc from "fast-check";
import { walk, wayTo } from "../dependencies/walk.ts";

/** Text of pieces that mean something to Markdown, or to our files. */
const pieces = (...more: string[]) =>
	fc.constantFrom(
		..."a é😀 *_`[]()<>!#&;~|\\:-+=.1",
		...["word", "Due: 2027-03-01", "Milestone:", "[x]", "[ ] ", "&amp;", "https://example.org", "<b>", "<!--", "\u00a0", "\u2028", "  "],
		...more,
	);

const anyTitle = fc
	.array(pieces(), { minLength: 1, maxLength: 8 })
	.map((parts) => parts.join("").trim())
	.filter((text) => text !== "");

/** Among them some that several nodes bear, and some that their ids could be taken for. */
const title = fc.oneof(
	{ weight: 2, arbitrary: anyTitle },
	fc.constantFrom("Review", "review", "review-1", "Draft, then send", 'The "one"'),
);

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

const anyLinks = fc.array(fc.record({ kind: fc.constantFrom("waits_for", "relates_to"), one: fc.nat(), other: fc.nat() }), {
	maxLength: 20,
});

const anyHeader = fc.record({ title, description: text, status: fc.constantFrom(...planStatuses) });

/** Any plan as an export writes it: nodes after their parents, ids counted, no circles of waiting. */
export const anyDocument: fc.Arbitrary<PlanDocument> = fc
	.record({ plan: anyHeader, shape, links: anyLinks })
	.chain(({ plan, shape, links }) =>
		fc.array(anyNode, { minLength: shape.length, maxLength: shape.length }).map((nodes) => ({
			format: "agentplanner.plan" as const,
			format_version: 1 as const,
			plan,
			nodes: withLinks(inOrder(nodes, shape), links),
		})),
	);

type Links = typeof anyLinks extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * Those of the links that close no circle, in the order of an export: others by their place, of two that relate the later names the
 * earlier.
 */
const withLinks = (nodes: DocumentNode[], links: Links): DocumentNode[] => {
	const tree = new Map(nodes.map(({ id, parent }) => [id, { parentId: parent }]));
	const blocks: { upstreamId: string; downstreamId: string }[] = [];
	const related = new Set<string>();
	for (const { kind, one, other } of links) {
		const [first, second] = [nodes[one % nodes.length], nodes[other % nodes.length]];
		if (!first || !second || first === second) continue;
		if (kind === "relates_to") related.add([nodes.indexOf(first), nodes.indexOf(second)].sort((one, other) => other - one).join());
		else if (blocks.some(({ upstreamId, downstreamId }) => upstreamId === first.id && downstreamId === second.id)) continue;
		else if (
			!wayTo(walk({ nodes: tree, blocks }, { nodeId: second.id, point: "start" }, "downstream"), { nodeId: first.id, point: "finish" })
		)
			blocks.push({ upstreamId: first.id, downstreamId: second.id });
	}
	return nodes.map((node, index) => ({
		...node,
		waits_for: nodes.map(({ id }) => id).filter((id) => blocks.some((edge) => edge.upstreamId === id && edge.downstreamId === node.id)),
		relates_to: nodes.flatMap(({ id }, earlier) => (related.has(`${index},${earlier}`) ? [id] : [])),
	}));
};

const maxDepth = 20;

type Unplaced = Omit<DocumentNode, "id" | "parent" | "waits_for" | "relates_to">;

const inOrder = (nodes: Unplaced[], choices: number[]): DocumentNode[] => {
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
				return [{ id, parent: parentId, ...(nodes[index] as Unplaced), waits_for: [], relates_to: [] }, ...under(index, id)];
			});
	return under(null, null);
};
