import type { Whisper, WhisperItem } from "@agentplanner/contracts";
import { actions, type Card, linkButton, section } from "./blocks.ts";
import { escapeUpTo, linkTo, momentOf } from "./text.ts";

/** What one person is told. Lists have a block for each item, of 50 that Slack takes. */
export const whisperCard = ({ text, items = [], link }: Whisper): Card => {
	const shown = escapeUpTo(text, 2_900);
	return {
		text: shown,
		blocks: [section(shown), ...items.map(itemOf), ...actions(link ? [linkButton(link.url, link.label)] : [])],
	};
};

const itemOf = ({ title, about, due, url }: WhisperItem) => {
	const until = due === null ? "" : `, due ${momentOf(due)}`;
	// A line break would end the link.
	return section(`${linkTo(url, escapeUpTo(title.replace(/\s+/g, " "), 200))}\n${escapeUpTo(about, 300)}${until}`);
};
