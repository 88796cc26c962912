/** The beginning of a text, without half a character at its end. */
export const cutClean = (text: string, max: number): string => text.slice(0, max).replace(/[\ud800-\udbff]$/, "");

/** At most `max` characters, the last of them "…" where it was cut. */
export const cutText = (text: string, max: number): string => (text.length <= max ? text : `${cutClean(text, max - 1)}…`);
