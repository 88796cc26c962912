import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/markdown";

/** A block of Markdown and where it stands: `from` to `to` in its source. Only lists and their items are taken apart. */
export type Block = {
	type: "heading" | "paragraph" | "list" | "item" | "quote" | "code" | "other";
	from: number;
	to: number;
	/** Of a heading 1 to 6. */
	level: number;
	/** Between the signs that make it what it is. */
	text: string;
	/** Of code what stands behind its opening signs. */
	info: string;
	children: Block[];
};

// What stands inside a line is nobody's business here, and a definition of a link is text like any other.
const inline = ["Escape", "Entity", "InlineCode", "HTMLTag", "Emphasis", "HardBreak", "Link", "Image", "LinkEnd", "LinkReference"];
const blockParser = parser.configure({ remove: inline });

/** The blocks of a text, in time that grows with its length alone. */
export const parseBlocks = (source: string): Block[] => childrenOf(blockParser.parse(source).topNode).map((node) => toBlock(node, source));

const toBlock = (node: SyntaxNode, source: string): Block => {
	const [, heading, level = ""] = /^(ATX|Setext)Heading(\d)$/.exec(node.name) ?? [];
	const block = { from: node.from, to: node.to, level: Number(level), text: source.slice(node.from, node.to), info: "", children: [] };
	if (heading !== undefined) return { ...block, type: "heading", text: headingText(node, source) };
	switch (node.name) {
		case "Paragraph":
			return { ...block, type: "paragraph" };
		case "BulletList":
		case "OrderedList":
			return { ...block, type: "list", children: childrenOf(node).map((child) => toBlock(child, source)) };
		case "ListItem": {
			const children = childrenOf(node).filter(({ name }) => name !== "ListMark");
			return { ...block, type: "item", children: children.map((child) => toBlock(child, source)) };
		}
		case "Blockquote":
			return { ...block, type: "quote" };
		case "FencedCode":
			return { ...block, type: "code", info: partOf(node, "CodeInfo", source), text: partOf(node, "CodeText", source) };
		default:
			return { ...block, type: "other" };
	}
};

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
	const children: SyntaxNode[] = [];
	for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
	return children;
};

const partOf = (node: SyntaxNode, name: string, source: string): string => {
	const part = node.getChild(name);
	return part ? source.slice(part.from, part.to) : "";
};

const headingText = (node: SyntaxNode, source: string): string => {
	const marks = node.getChildren("HeaderMark");
	const [first, last] = [marks[0], marks.at(-1)];
	const start = first && first.from === node.from ? first.to : node.from;
	return source.slice(start, last && last.from > node.from ? last.from : node.to).trim();
};
