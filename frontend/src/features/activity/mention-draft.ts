/** What somebody types behind an `@`, up to the caret, and where the `@` stands. */
export type Fragment = { start: number; typed: string };

const fragment = /(?:^|[^\p{L}\p{N}_])@([^@\n]{0,40})$/u;

/** The mention that is being typed there; null where none is. */
export const fragmentAt = (text: string, caret: number): Fragment | null => {
	const typed = fragment.exec(text.slice(0, caret))?.[1];
	return typed === undefined ? null : { start: caret - typed.length - 1, typed };
};

/** Those whose name, or a word of it, begins like that; at most eight. */
export const candidatesFor = <Named extends { name: string }>(typed: string, people: readonly Named[]): Named[] => {
	const sought = typed.toLowerCase();
	return people.filter(({ name }) => name.toLowerCase().startsWith(sought) || name.toLowerCase().includes(` ${sought}`)).slice(0, 8);
};

/** The text with the whole name in the fragment's place, and where the caret stands then. */
export const complete = (text: string, { start, typed }: Fragment, name: string): { text: string; caret: number } => {
	const before = `${text.slice(0, start)}@${name} `;
	return { text: before + text.slice(start + 1 + typed.length).trimStart(), caret: before.length };
};
