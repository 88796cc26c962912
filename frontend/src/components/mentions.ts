import { mentionRanges } from "@agentplanner/contracts";

/** As much of a Markdown tree as is looked at here. */
type Node = { type: string; value?: string; children?: Node[]; data?: { hName: string; hProperties: { className: string } } };

const mark = (value: string): Node => ({
	type: "mention",
	data: { hName: "span", hProperties: { className: "mention" } },
	children: [{ type: "text", value }],
});

const split = (value: string, names: readonly string[]): Node[] => {
	const parts: Node[] = [];
	let rest = 0;
	for (const { start, end } of mentionRanges(value, names)) {
		parts.push({ type: "text", value: value.slice(rest, start) }, mark(value.slice(start, end)));
		rest = end;
	}
	return [...parts, { type: "text", value: value.slice(rest) }];
};

const markIn = (node: Node, names: readonly string[]): void => {
	if (node.children === undefined) return;
	node.children = node.children.flatMap((child) => {
		if (child.type === "text" && child.value !== undefined) return split(child.value, names);
		markIn(child, names);
		return [child];
	});
};

/** A remark plugin that marks who is mentioned by these names; code stays as it is. */
export const markMentions = (names: readonly string[]) => () => (tree: unknown) => markIn(tree as Node, names);
