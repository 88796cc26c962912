import { maxDocumentNodes, type NodeKind, PlanDocument } from "@agentplanner/contracts";
import { UnprocessableError } from "../errors.ts";
import { type Block, parseBlocks } from "./blocks.ts";
import { contentColumns, findField, outdent } from "./field-texts.ts";
import { findLinkProblems, linkKeys } from "./find-link-problems.ts";
import { headingKind, itemKind, nameOf, nodeFieldKeys, planFieldKeys, readValue } from "./markdown-words.ts";
import { nodeFinder } from "./node-names.ts";
import { readTitleLine } from "./read-title-line.ts";
import { readTitle } from "./titles.ts";

/** The plan (depth 0) or a node while it is read; `at` says where in the source each of its values begins. */
type Draft = { values: Record<string, unknown>; at: Record<string, number>; ownId: string | null; depth: number; childCount: number };

type Reading = { source: string; plan: Draft; nodes: Draft[]; problems: { at: number; message: string }[] };

const maxDepth = 20;
const mostProblems = 20;

/**
 * The plan that a Markdown file describes: headings are phases, list items are tasks, and an item that begins with the name of a
 * field says something about what it stands under. Whatever else there is belongs to the description of what it stands under, so
 * nothing is lost. Throws UnprocessableError, which names the line of each problem.
 */
export const readMarkdown = (content: string): PlanDocument => {
	const source = content.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
	const reading: Reading = { source, plan: { values: {}, at: {}, ownId: null, depth: 0, childCount: 0 }, nodes: [], problems: [] };
	const blocks = parseBlocks(source);
	const firstHeading = blocks.findIndex(({ type }) => type === "heading");
	const title = blocks[firstHeading];
	if (title?.level !== 1) refuse(reading, title, "A plan begins with its title: # Title");
	else if (firstHeading > 0) refuse(reading, blocks[0], "This stands before the plan's title. Begin with the title: # Title");
	else {
		readSections(reading, blocks);
		resolveNames(reading);
	}
	return finish(reading);
};

const readSections = (reading: Reading, blocks: Block[]): void => {
	const open: { level: number; owner: Draft }[] = [];
	let content: Block[] = [];
	const close = () => {
		const owner = open.at(-1)?.owner;
		if (owner) readContent(reading, content, owner, 0);
		content = [];
	};
	for (const block of blocks) {
		if (block.type !== "heading") {
			content.push(block);
			continue;
		}
		close();
		while ((open.at(-1)?.level ?? 0) >= block.level) open.pop();
		const parent = open.at(-1)?.owner;
		open.push({ level: block.level, owner: parent ? addNode(reading, block, parent, headingKind) : readPlanTitle(reading, block) });
	}
	close();
};

const readPlanTitle = (reading: Reading, heading: Block): Draft => {
	const { plan } = reading;
	const title = readTitle(heading.text);
	if ("title" in plan.values) refuse(reading, heading, "A file holds one plan, and this is a second title. Make it a phase: ## Title");
	else if (title === "") refuse(reading, heading, "The plan has no title. Write one: # Title");
	return set(plan, "title", title, heading.from);
};

/** Reads the line as a node under that parent, and answers with the node. */
const addNode = (reading: Reading, block: Block, parent: Draft, expected: NodeKind): Draft => {
	const read = readTitleLine(block.text, expected);
	parent.childCount += 1;
	const id = [...(parent.depth === 0 ? [] : [parent.values.id]), parent.childCount].join(".");
	const node: Draft = { values: {}, at: {}, ownId: null, depth: parent.depth + 1, childCount: 0 };
	reading.nodes.push(node);
	if ("problem" in read) refuse(reading, block, read.problem);
	if (node.depth === maxDepth + 1) refuse(reading, block, `A plan is at most ${maxDepth} levels deep. Put this further up.`);
	if (reading.nodes.length === maxDocumentNodes + 1)
		refuse(reading, block, `A plan has at most ${maxDocumentNodes} nodes; this is one more.`);
	for (const [key, value] of Object.entries({ id, parent: parent.values.id ?? null, ...read })) set(node, key, value, block.from);
	return node;
};

/** What stands under a title: lists are nodes and fields, everything else the description. */
const readContent = (reading: Reading, blocks: Block[], owner: Draft, columns: number): void => {
	let texts: Block[] = [];
	const closeText = () => {
		const [first, last] = [texts[0], texts.at(-1)];
		if (first && last) describe(owner, outdent(reading.source.slice(first.from, last.to).trimEnd(), columns), first.from);
		texts = [];
	};
	for (const block of blocks) {
		if (block.type !== "list") texts.push(block);
		else {
			closeText();
			for (const item of block.children) readItem(reading, item, owner);
		}
	}
	closeText();
};

const readItem = (reading: Reading, item: Block, owner: Draft): void => {
	const field = findField(item, reading.source);
	const key = field && (owner.depth === 0 ? planFieldKeys : nodeFieldKeys).get(field.name.toLowerCase());
	const [title, ...rest] = item.children;
	if (field && key) readField(reading, item, owner, { key, ...field });
	else if (title?.type !== "paragraph") refuse(reading, item, "This list item has no title. Write what it is about on the same line.");
	else {
		const [line, text] = splitTitle(title);
		readContent(reading, [...text, ...rest], addNode(reading, line, owner, itemKind), contentColumns(item, reading.source));
	}
};

/** The first line of an item is its title; what follows without an empty line between is text like any other. */
const splitTitle = (paragraph: Block): [Block, Block[]] => {
	const [, line = "", gap = ""] = /^([^\n]*)(\n[ \t]*)?/.exec(paragraph.text) ?? [];
	if (gap === "") return [paragraph, []];
	const from = paragraph.from + line.length + gap.length;
	return [
		{ ...paragraph, to: paragraph.from + line.length, text: line },
		[{ ...paragraph, from, text: paragraph.text.slice(line.length + gap.length) }],
	];
};

type Field = { key: string; name: string; text: string; problem?: string };

const readField = (reading: Reading, item: Block, owner: Draft, { key, name, text, problem }: Field): void => {
	const read = readValue(key, text);
	if (problem !== undefined) refuse(reading, item, problem);
	else if (text !== "" && key === "description") describe(owner, text, item.from);
	else if (owner.depth === 0 && key !== "status" && text !== "")
		refuse(reading, item, `A plan has no “${name}”. Put it under a phase, task or milestone.`);
	else if (key in owner.at) refuse(reading, item, `“${name}” stands here twice.`);
	else if (key === "ownId") readOwnId(reading, item, owner, text.trim());
	else if ("problem" in read) refuse(reading, item, `“${name}” ${read.problem}`);
	else if (text !== "") set(owner, key, read.value, item.from);
};

const readOwnId = (reading: Reading, item: Block, owner: Draft, id: string): void => {
	const isTaken = reading.nodes.some(({ ownId }) => ownId?.toLowerCase() === id.toLowerCase());
	if (isTaken) refuse(reading, item, `“${id}” is the id of another node, too. Give each its own.`);
	if (/\n/.test(id)) refuse(reading, item, "An id is one line. Write it behind the colon.");
	if (id === "") return;
	owner.ownId = id;
	owner.at.ownId = item.from;
};

/** Puts ids in place of the names by which nodes speak of each other, which may come later in the file. */
const resolveNames = ({ nodes, problems }: Reading): void => {
	const find = nodeFinder(nodes.map(({ values, ownId }) => ({ id: String(values.id), title: String(values.title ?? ""), ownId })));
	for (const { values, at } of nodes)
		for (const key of linkKeys) {
			const names = values[key];
			if (!Array.isArray(names)) continue;
			values[key] = names.flatMap((name: string) => {
				const found = find(name);
				if ("id" in found) return [found.id];
				problems.push({ at: at[key] ?? 0, message: `“${nameOf(key)}” ${found.problem}` });
				return [];
			});
		}
};

const describe = (owner: Draft, text: string, at: number): void => {
	const before = owner.values.description;
	set(owner, "description", before === undefined ? text : `${before}\n\n${text}`, owner.at.description ?? at);
};

const set = (draft: Draft, key: string, value: unknown, at: number): Draft => {
	draft.values[key] = value;
	draft.at[key] = at;
	return draft;
};

const refuse = ({ problems }: Reading, block: Block | undefined, message: string): void => {
	problems.push({ at: block?.from ?? 0, message });
};

/** The document, if all of it is as the contract wants it. */
const finish = (reading: Reading): PlanDocument => {
	const { plan, nodes, problems } = reading;
	const document = { format: "agentplanner.plan", format_version: 1, plan: plan.values, nodes: nodes.map(({ values }) => values) };
	const parsed = problems.length === 0 ? PlanDocument.safeParse(document) : null;
	for (const { path, message } of parsed?.error?.issues ?? []) {
		const [draft, key] = path[0] === "plan" ? [plan, path[1]] : [nodes[Number(path[1])], path[2]];
		problems.push({ at: draft?.at[String(key)] ?? 0, message: `${nameOf(String(key))} ${message}` });
	}
	for (const { node, key, message } of parsed?.success ? findLinkProblems(parsed.data) : [])
		problems.push({ at: nodes[node]?.at[key] ?? 0, message: `“${nameOf(key)}” ${message}` });
	if (parsed?.success && problems.length === 0) return parsed.data;
	throw unreadable(reading);
};

const unreadable = ({ source, problems }: Reading): UnprocessableError => {
	const lineAt = (offset: number) => source.slice(0, offset).split("\n").length;
	const shown = problems.sort((one, other) => one.at - other.at).slice(0, mostProblems);
	const count = problems.length === 1 ? "one thing needs" : `${problems.length} things need`;
	return new UnprocessableError(
		`This Markdown is no plan yet: ${count} mending, and nothing was imported. Each is named with its line.`,
		shown.map(({ at, message }) => ({ field: "body.content", message: `line ${lineAt(at)}: ${message}` })),
	);
};
