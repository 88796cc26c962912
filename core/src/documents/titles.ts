const codeSpans = /(`+[^`]+`+)/;
const outsideCode = (line: string, change: (part: string) => string): string =>
	line
		.split(codeSpans)
		.map((part, index) => (index % 2 === 0 ? change(part) : part))
		.join("");

/** A title as a line of Markdown: as it is, but for what would be read as something else. */
export const writeTitle = (title: string): string =>
	outsideCode(title, (part) => part.replace(/\\(?=[!-/:-@[-`{-~])/g, "\\\\"))
		// What would be a status, a kind, or the end of a heading.
		.replace(/^\[/, "\\[")
		.replace(/^(phase|task|milestone):/i, "$1\\:")
		.replace(/(?<=^|\s)#+$/, "\\$&");

/** The title that a line, or several, of Markdown stand for: what was written, without the backslashes that keep signs from counting. */
export const readTitle = (source: string): string =>
	outsideCode(source.replace(/\s*\n\s*/g, " ").trim(), (part) => part.replace(/\\([!-/:-@[-`{-~])/g, "$1"));
