import type { DocumentNode, PlanDocument, PlanStatus } from "@agentplanner/contracts";
import { parseBlocks } from "./blocks.ts";
import { indentLines, writeField } from "./field-texts.ts";
import {
	defaultPlanStatus,
	descriptionName,
	fieldNames,
	headingKind,
	itemKind,
	kindWords,
	ownIdName,
	planStatusName,
	statusSigns,
	writeValue,
} from "./markdown-words.ts";
import { nameNodes } from "./node-names.ts";
import { writeTitle } from "./titles.ts";

const deepestHeading = 6;

/** The document, as its nodes need it to be written. */
type Context = { childrenOf: (parent: string | null) => DocumentNode[]; names: ReturnType<typeof nameNodes> };

/** The plan as people would write it down; readMarkdown makes the same document of it. What means what: docs/plan-files.md. */
export const writeMarkdown = ({ plan, nodes }: PlanDocument): string => {
	const byParent = Map.groupBy(nodes, ({ parent }) => parent);
	const context: Context = { childrenOf: (parent) => byParent.get(parent) ?? [], names: nameNodes(nodes) };
	const blocks = [
		[`# ${writeTitle(plan.title)}`],
		...descriptionBlocks(plan.description),
		listed([...descriptionFields(plan.description), ...statusField(plan.status)]),
		...sections(null, 2, context),
	];
	return `${joinBlocks(blocks).join("\n")}\n`;
};

/** List items up to the first phase; from there on all are headings, since what follows a heading stands under it. */
const sections = (parent: string | null, level: number, context: Context): string[][] => {
	const children = context.childrenOf(parent);
	const firstPhase = level > deepestHeading ? -1 : children.findIndex(({ kind }) => kind === headingKind);
	const items = firstPhase === -1 ? children : children.slice(0, firstPhase);
	const headings = children.slice(items.length);
	return [listed(items.map((node) => itemLines(node, context))), ...headings.flatMap((node) => section(node, level, context))];
};

const section = (node: DocumentNode, level: number, context: Context): string[][] => {
	const sign = node.status === "not_started" ? "" : `[${statusSigns[node.status]}] `;
	return [
		[`${"#".repeat(level)} ${sign}${titleLine(node, headingKind)}`],
		...descriptionBlocks(node.description),
		listed(fields(node, context)),
		...sections(node.id, level + 1, context),
	];
};

const itemLines = (node: DocumentNode, context: Context): string[] => {
	const below = listed([...fields(node, context), ...context.childrenOf(node.id).map((child) => itemLines(child, context))]);
	const title = `- [${statusSigns[node.status]}] ${titleLine(node, itemKind)}`;
	const description = descriptionBlocks(node.description);
	if (description.length === 0) return [title, ...indentLines(below)];
	return joinBlocks([[title], ...[...description, below].map(indentLines)]);
};

const titleLine = ({ kind, title }: DocumentNode, expected: DocumentNode["kind"]): string =>
	`${kind === expected ? "" : `${kindWords[kind]}: `}${writeTitle(title)}`;

const fields = (node: DocumentNode, { names }: Context): string[][] => {
	const ownId = names.get(node.id)?.ownId ?? null;
	return [
		...descriptionFields(node.description),
		...(ownId === null ? [] : [writeField(ownIdName, ownId)]),
		...Object.entries(fieldNames).flatMap(([key, name]) => {
			const text = writeValue(node, key as keyof typeof fieldNames, (id) => names.get(id)?.name ?? id);
			return text === "" ? [] : [writeField(name, text)];
		}),
	];
};

const statusField = (status: PlanStatus): string[][] => (status === defaultPlanStatus ? [] : [writeField(planStatusName, status)]);

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
