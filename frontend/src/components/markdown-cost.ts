// The parser's time grows with the square of what is nested, and its stack with the depth: a short text can block the page.
const maxDepth = 30;
const maxDepthInAll = 3_000;
const maxDelimiters = 300;
// A table's short rows are filled up to the width of its head.
const maxCells = 10_000;
const maxFootnotes = 300;

const leading = /^(?:[\s>*+-]|\d{1,9}[.)])*/;
const block = /^ {0,3}(?:[-+*]|#{1,6}|1[.)])\s+\S/;
// Only the first number may end a paragraph; any other needs the start of another block right above it.
const numberedItem = /^ {0,3}\d{1,9}[.)]\s+\S/;
/** The line below a table's head, also in quotes and lists. */
const tableStart = /^[\s>*+\d.)|:-]*\|[\s|:-]*$/;

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
	let columns = 0;
	let cells = 0;
	if (text.split("[^").length > maxFootnotes) return false;
	for (const line of text.split(/\r\n|\r|\n/)) {
		const depth = depthOf(line);
		depthInAll += depth;
		started = line.trim() === "" || block.test(line) || (started && numberedItem.test(line));
		if (started) delimiters = 0;
		delimiters += line.match(/[*_[`<~]/g)?.length ?? 0;
		if (tableStart.test(line)) columns = Math.max(columns, line.split("|").length);
		else if (line.trim() === "") columns = 0;
		cells += columns;
		if (depth > maxDepth || depthInAll > maxDepthInAll || delimiters > maxDelimiters || cells > maxCells) return false;
	}
	return true;
};
