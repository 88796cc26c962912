import type { DocumentNode, PlanDocument } from "@agentplanner/contracts";
import { parseBlocks } from "./blocks.ts";
import { indentLines, writeField } from "./field-texts.ts";
import { descriptionName, fieldNames, headingKind, itemKind, kindWords, statusSigns, writeValue } from "./markdown-words.ts";
import { writeTitle } from "./titles.ts";

const deepestHeading = 6;

type ChildrenOf = (parent: string | null) => DocumentNode[];

/** The plan as people would write it down; readMarkdown makes the same document of it. What means what: docs/plan-files.md. */
export const writeMarkdown = ({ plan, nodes }: PlanDocument): string => {
	const byParent = Map.groupBy(nodes, ({ parent }) => parent);
	const childrenOf: ChildrenOf = (parent) => byParent.get(parent) ?? [];
	const blocks = [
		[`# ${writeTitle(plan.title)}`],
		...descriptionBlocks(plan.description),
		listed(descriptionFields(plan.description)),
		...sections(childrenOf(null), 2, childrenOf),
	];
	return `${joinBlocks(blocks).join("\n")}\n`;
};

/** List items up to the first phase; from there on all are headings, since what follows a heading stands under it. */
const sections = (children: DocumentNode[], level: number, childrenOf: ChildrenOf): string[][] => {
	const firstPhase = level > deepestHeading ? -1 : children.findIndex(({ kind }) => kind === headingKind);
	const items = firstPhase === -1 ? children : children.slice(0, firstPhase);
	const headings = children.slice(items.length);
	return [listed(items.map((node) => itemLines(node, childrenOf))), ...headings.flatMap((node) => section(node, level, childrenOf))];
};

const section = (node: DocumentNode, level: number, childrenOf: ChildrenOf): string[][] => {
	const sign = node.status === "not_started" ? "" : `[${statusSigns[node.status]}] `;
	return [
		[`${"#".repeat(level)} ${sign}${titleLine(node, headingKind)}`],
		...descriptionBlocks(node.description),
		listed(fields(node)),
		...sections(childrenOf(node.id), level + 1, childrenOf),
	];
};

const itemLines = (node: DocumentNode, childrenOf: ChildrenOf): string[] => {
	const below = listed([...fields(node), ...childrenOf(node.id).map((child) => itemLines(child, childrenOf))]);
	const title = `- [${statusSigns[node.status]}] ${titleLine(node, itemKind)}`;
	const description = descriptionBlocks(node.description);
	if (description.length === 0) return [title, ...indentLines(below)];
	return joinBlocks([[title], ...[...description, below].map(indentLines)]);
};

const titleLine = ({ kind, title }: DocumentNode, expected: DocumentNode["kind"]): string =>
	`${kind === expected ? "" : `${kindWords[kind]}: `}${writeTitle(title)}`;

const fields = (node: DocumentNode): string[][] => [
	...descriptionFields(node.description),
	...Object.entries(fieldNames).flatMap(([key, name]) => {
		const text = writeValue(node, key as keyof typeof fieldNames);
		return text === "" ? [] : [writeField(name, text)];
	}),
];

/**
 * A description stands under its title as it is when it is paragraphs and nothing else, which could be taken for nodes; also none
 * of its lines begins like something else, since what that is depends on where it stands.
 */
const isPlain = (description: string): boolean =>
	!/^\s|\s$|\n{3}|\r/.test(description) &&
	!/^[ \t]|[ \t]$|^[-+*>#=_`~<]|^\d+[.)]/m.test(description) &&
	parseBlocks(description).every(({ type }) => type === "paragraph");

const descriptionBlocks = (description: string): string[][] =>
	description !== "" && isPlain(description) ? [description.split("\n")] : [];
const descriptionFields = (description: string): string[][] =>
	description === "" || isPlain(description) ? [] : [writeField(descriptionName, description)];

/** Items of one list, apart from each other where one has blank lines inside. */
const listed = (items: string[][]): string[] => items.flatMap((item, index) => (items[index - 1]?.includes("") ? ["", ...item] : item));

const joinBlocks = (blocks: string[][]): string[] =>
	blocks.filter(({ length }) => length > 0).flatMap((block, index) => (index === 0 ? block : ["", ...block]));
