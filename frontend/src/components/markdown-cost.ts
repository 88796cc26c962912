// The parser's time grows with the square of what is nested, and its stack with the depth: a short text can block the page.
const maxDepth = 30;
const maxDepthInAll = 3_000;
const maxDelimiters = 300;

const leading = /^(?:[\s>*+-]|\d{1,9}[.)])*/;
const block = /^ {0,3}(?:[-+*]|#{1,6}|1[.)])\s+\S/;
// Only the first number may end a paragraph; any other needs the start of another block right above it.
const numberedItem = /^ {0,3}\d{1,9}[.)]\s+\S/;

/** How deep the line can stand inside quotes and lists: one level per marker or two columns of indent. */
const depthOf = (line: string): number => {
	const prefix = leading.exec(line)?.[0] ?? "";
	const markers = prefix.match(/[>*+-]|\d+[.)]/g)?.length ?? 0;
	const columns = prefix.replaceAll("\t", "    ").match(/\s/g)?.length ?? 0;
	return markers + Math.floor(Math.max(0, columns - markers) / 2);
};

/** False for text whose nesting is nothing a reader needs; such text is shown as it is. */
export const isCheapMarkdown = (text: string): boolean => {
	let depthInAll = 0;
	let delimiters = 0;
	let started = true;
	for (const line of text.split(/\r\n|\r|\n/)) {
		const depth = depthOf(line);
		depthInAll += depth;
		started = line.trim() === "" || block.test(line) || (started && numberedItem.test(line));
		if (started) delimiters = 0;
		delimiters += line.match(/[*_[`<]/g)?.length ?? 0;
		if (depth > maxDepth || depthInAll > maxDepthInAll || delimiters > maxDelimiters) return false;
	}
	return true;
};
