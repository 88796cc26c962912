/** Slack reads `<…>` and `&…;` as markup: unescaped, a question could ping a whole channel or disguise a link. */
const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

export const escapeText = (text: string): string => text.replace(/[&<>]/g, (character) => escapes[character] ?? character);

/** Text of somebody else's as mrkdwn of at most `max` characters; where it was cut, `more` stands at its end. */
export const escapeUpTo = (text: string, max: number, more = "…"): string => {
	const whole = escapeText(text);
	if (whole.length <= max) return whole;
	const parts: string[] = [];
	let room = max - more.length;
	for (const character of text) {
		const escaped = escapes[character] ?? character;
		room -= escaped.length;
		if (room < 0) break;
		parts.push(escaped);
	}
	return `${parts.join("")}${more}`;
};

export const linkTo = (url: string, label: string): string => `<${escapeText(url)}|${label}>`;

/** A moment in the reader's own time zone; Slack shows the second form where it can't. */
export const momentOf = (iso: string): string =>
	`<!date^${Math.floor(Date.parse(iso) / 1000)}^{date_short_pretty} {time}|${iso.slice(0, 16).replace("T", " ")} UTC>`;
