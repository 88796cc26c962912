import type { Whisper, WhisperItem } from "@agentplanner/contracts";
import { cutText } from "../cut-text.ts";
import { linkButton } from "./buttons.ts";
import { type Card, mostOfContent } from "./card.ts";
import { escapeUpTo, linkTo, momentOf } from "./text.ts";

const mostOfList = 4_000;

/** What one person is told. */
export const whisperCard = ({ text, items = [], link }: Whisper): Card => ({
	content: cutText(text, mostOfContent),
	embeds: items.length > 0 ? [{ description: listOf(items) }] : [],
	components: link ? [{ type: 1, components: [linkButton(link.label, link.url)] }] : [],
});

/** As many as fit, and how many are left out. */
const listOf = (items: WhisperItem[]): string => {
	const lines = items.map(lineOf);
	for (let shown = lines.length; shown > 0; shown -= 1) {
		const left = lines.length - shown;
		const list = [...lines.slice(0, shown), ...(left > 0 ? [`… and ${left} more in AgentPlanner.`] : [])].join("\n");
		if (list.length <= mostOfList) return list;
	}
	return `${items.length} in AgentPlanner.`;
};

const lineOf = ({ title, about, due, url }: WhisperItem): string => {
	const until = due === null ? "" : `, due ${momentOf(due)}`;
	// A line break would end the link.
	return `- ${linkTo(url, escapeUpTo(title.replace(/\s+/g, " "), 120))}\n  ${escapeUpTo(about, 120)}${until}`;
};
