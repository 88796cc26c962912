import { type Block, parseBlocks } from "./blocks.ts";

/**
 * A field of a plan or node as a list item that begins with its name. Its text is Markdown of its own and keeps every character: of
 * four forms, from the one that people would write to the one that holds anything, the first counts that reads back as the same text.
 *
 *     - Due: 2027-03-01            on its line
 *     - Instructions:              below it, indented
 *       At most 200 words.
 *     - Instructions:              quoted, where indenting would change what it is
 *       > ---
 *     - Instructions:              as JSON, where Markdown would not keep it
 *       ```json-string
 *       "one\r\ntwo"
 *       ```
 */
const jsonForm = "json-string";

/** The lines of a field whose text is not empty. */
export const writeField = (name: string, text: string): string[] => {
	const head = `- ${name}:`;
	const lines = text.split("\n");
	// A document's lines end as a reader's editor likes it, so a text that depends on it is spelt out.
	const spelt = [head, ...indentLines([`\`\`\`${jsonForm}`, JSON.stringify(text), "```"])];
	if (text.includes("\r")) return spelt;
	if (lines.length === 1 && text.trim() === text) return [`${head} ${text}`];
	const indented = [head, ...indentLines(lines)];
	const quoted = [head, ...indentLines(lines.map((line) => (line === "" ? ">" : `> ${line}`)))];
	// How wide a tab is depends on where the field stands.
	const forms = /^ *\t/m.test(text) ? [quoted, spelt] : [indented, quoted, spelt];
	const form = forms.find((written) => readsAs(written.join("\n"), name, text));
	if (!form) throw new Error(`No form of Markdown keeps the text of ${name}.`);
	return form;
};

export const indentLines = (lines: string[]): string[] => lines.map((line) => (line === "" ? "" : `  ${line}`));

const readsAs = (written: string, name: string, text: string): boolean => {
	const [list, ...others] = parseBlocks(written);
	const [item, ...more] = list?.children ?? [];
	if (list?.type !== "list" || !item || others.length + more.length > 0) return false;
	const field = findField(item, written);
	return field?.name === name && field.text === text;
};

/** What a list item says about what it stands under: a name before a colon, and a text; null for any other item. */
export const findField = (item: Block, source: string): { name: string; text: string; problem?: string } | null => {
	const [first, second] = item.children;
	if (first?.type !== "paragraph") return null;
	const head = /^(\p{L}[\p{L} ]*):(?=\s|$)/u.exec(first.text);
	if (!head) return null;
	const [, name = ""] = head;
	const start = first.from + head[0].length;
	const columns = contentColumns(item, source);
	const standsAlone = item.children.length === 2 && source.slice(start, first.to).trim() === "";
	if (standsAlone && second?.type === "code" && second.info === jsonForm) return { name, ...parseString(second.text) };
	// Code whose end nobody marked takes the empty lines after it, also out of its quote.
	if (standsAlone && second?.type === "quote")
		return { name, text: outdent(second.text.replace(/(\n[ \t]*)+$/, ""), columns).replace(/^ {0,3}> ?/gm, "") };
	const text = source.slice(start, item.children.at(-1)?.to).trimEnd();
	return { name, text: outdent(text.replace(/^[ \t]+/, ""), columns).replace(/^\n/, "") };
};

const parseString = (json: string): { text: string; problem?: string } => {
	try {
		const value: unknown = JSON.parse(json);
		if (typeof value === "string") return { text: value };
	} catch {
		// Said below.
	}
	return { text: "", problem: `A ${jsonForm} block holds one JSON string, in quotes.` };
};

const tabStop = 4;
const widthOf = (prefix: string): number =>
	[...prefix].reduce((width, sign) => (sign === "\t" ? width + tabStop - (width % tabStop) : width + 1), 0);

/** How far the content of an item is indented. */
export const contentColumns = (item: Block, source: string): number => {
	const start = item.children[0]?.from ?? item.from;
	return widthOf(source.slice(source.lastIndexOf("\n", start - 1) + 1, start));
};

/** Takes that much indentation from every line but the first, whose own is not part of it; lines with less lose what they have. */
export const outdent = (text: string, columns: number): string =>
	text
		.split("\n")
		.map((line, index) => (index === 0 ? line : outdentLine(line, columns)))
		.join("\n");

const outdentLine = (line: string, columns: number): string => {
	let width = 0;
	let at = 0;
	while (width < columns && (line[at] === " " || line[at] === "\t")) {
		width += line[at] === "\t" ? tabStop - (width % tabStop) : 1;
		at += 1;
	}
	return " ".repeat(Math.max(0, width - columns)) + line.slice(at);
};
