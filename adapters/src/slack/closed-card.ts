import type { Closing, MessageContent, OutboundMessage } from "@agentplanner/contracts";
import { endingOf } from "../ending.ts";
import { quote } from "../quote.ts";
import { actions, type Card, context, header, more, openButton, placeOf, section } from "./blocks.ts";
import { isMember } from "./channel.ts";
import { factsOf } from "./decision-card.ts";
import { escapeUpTo, momentOf } from "./text.ts";

/** Each of its lines grows by two characters when it is quoted. */
const mostOfAnswer = 900;

const questionOf = (content: MessageContent): { text: string; facts: string | null } | null => {
	if (content.kind === "request") return { text: content.question, facts: placeOf(content.context) };
	if (content.kind === "nudge") return { text: content.question, facts: null };
	if (content.kind === "reply") return { text: content.text, facts: null };
	if (content.kind === "decision") return { text: content.question, facts: factsOf(content) };
	return content.kind === "decision_outcome" ? { text: content.question, facts: null } : null;
};

/** Slack shows a member's id by the name. */
const nameOf = (from: string): string => (isMember(from) ? `<@${from}>` : escapeUpTo(from, 200));

const outcomeOf = (message: OutboundMessage, { summary, answer, comment, at }: Closing): string[] => {
	const quoted = (text: string) => quote(escapeUpTo(text, mostOfAnswer, more(message)));
	if (answer) return [`*Answered by ${nameOf(answer.from)}*\n${quoted(answer.text)}`];
	const said = [escapeUpTo(summary, 1_000), ...(at ? [momentOf(at)] : [])].filter((part) => part !== "").join(" · ");
	return [said, ...(comment ? [quoted(comment)] : [])].filter((part) => part !== "");
};

/** The same message once its story has ended: what was asked, how it ended, nothing to press but the link. */
export const closedCard = (message: OutboundMessage, closing: Closing): Card | null => {
	const question = questionOf(message.content);
	if (!question) return null;
	const ending = endingOf(closing);
	return {
		text: `${ending}: ${escapeUpTo(question.text, 300)}`,
		blocks: [
			header(ending),
			...(question.facts === null ? [] : [context(question.facts)]),
			section(escapeUpTo(question.text, 1_000, more(message))),
			...outcomeOf(message, closing).map(section),
			...actions(openButton(message)),
		],
	};
};
