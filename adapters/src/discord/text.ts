import { cutClean } from "../cut-text.ts";

/** Marks that Discord reads anywhere in a line, and those that it reads at a line's start alone. */
const marks = /[\\*_~`|<[\]@]/g;
const lineStarts = /^(\s*)(#{1,3}|-#|[-+>]|>>>|\d+[.)])(?=\s)/gm;
/** Without marks at its end that may belong to the text around it. */
const bareUrl = /https?:\/\/[^\s<>()[\]|`*\\"]+/g;

const escapePiece = (text: string): string =>
	text.replace(marks, "\\$&").replace(lineStarts, (_all, blank: string, mark: string) => `${blank}${mark.slice(0, -1)}\\${mark.slice(-1)}`);

/** Text of somebody else's, so that Discord shows it as it was written: no mention, no disguised link, no heading. Addresses stay links. */
export const escapeText = (text: string): string => {
	const parts: string[] = [];
	let end = 0;
	for (const match of text.matchAll(bareUrl)) {
		parts.push(escapePiece(text.slice(end, match.index)), match[0]);
		end = match.index + match[0].length;
	}
	return [...parts, escapePiece(text.slice(end))].join("");
};

/** Never cuts a character in two, nor an escape. */
const cut = (text: string, max: number): string => cutClean(text, max).replace(/(\\+)$/, (slashes) => slashes.slice(slashes.length % 2));

/** The same in at most `max` characters; where it was cut, `more` stands at its end. */
export const escapeUpTo = (text: string, max: number, more = "…"): string => {
	const whole = escapeText(text);
	return whole.length <= max ? whole : `${cut(whole, max - more.length)}${more}`;
};

export const linkTo = (url: string, label: string): string => `[${label}](${url.replaceAll("(", "%28").replaceAll(")", "%29")})`;

/** A moment in the reader's own time zone. */
export const momentOf = (iso: string): string => `<t:${Math.floor(Date.parse(iso) / 1000)}:f>`;
