import type { Closing, MessageContent, OutboundMessage } from "@agentplanner/contracts";
import type { APIEmbed, APIEmbedField } from "discord.js";
import { deciderOf, footnoteOf, outcomeOf as outcomeNameOf, recommendedOf, titleOf } from "../decision-words.ts";
import { endingOf } from "../ending.ts";
import { quote } from "../quote.ts";
import { reminderOf } from "../reminder-of.ts";
import { decisionRows, linkRow, type Row, replyRow } from "./buttons.ts";
import { escapeText, escapeUpTo, linkTo, momentOf } from "./text.ts";

/** What a message looks like; `content` is what its notification shows. */
export type Card = { content: string; embeds: APIEmbed[]; components: Row[] };

/** What Discord takes of a message's text, beside its embeds. */
export const mostOfContent = 2_000;

/** At most 6,000 characters in all embeds: https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const most = { question: 2_900, field: 1_024, closedQuestion: 1_000, summary: 1_000 };
/** Each of its lines grows by two characters when it is quoted. */
const mostOfAnswer = 900;
const colours = { open: 0x4c6ef5, closed: 0x868e96 };

const idLength = 12;
const idMark = " · ";

/** By it a message of ours is found again: Discord forgets the nonce, and buttons go when a story ends. */
export const footerOf = ({ key }: OutboundMessage, hint: string): { text: string } => ({ text: `${hint}${idMark}${key.slice(-idLength)}` });
export const isFooterOf = ({ key }: OutboundMessage, footer: string): boolean => footer.endsWith(`${idMark}${key.slice(-idLength)}`);

const more = ({ link }: OutboundMessage): string => (link === null ? "…" : `… ${linkTo(link, "more in AgentPlanner")}`);

const titled = (name: string, text: string, message: OutboundMessage): APIEmbedField[] =>
	text.trim() === "" ? [] : [{ name, value: escapeUpTo(text, most.field, more(message)) }];

type Place = { plan: { title: string }; node: { title: string } };
const placeOf = ({ plan, node }: Place): string => `**${escapeUpTo(plan.title, 300)}** › ${escapeUpTo(node.title, 300)}`;

type Content<Kind extends MessageContent["kind"]> = Extract<MessageContent, { kind: Kind }>;

const requestCard = (message: OutboundMessage, content: Content<"request">): Card => {
	const { node } = content.context;
	const title = content.agent ? `Question for ${content.agent.name}` : `Question from ${content.asked_by}`;
	return {
		content: `**${escapeUpTo(title, 200)}** · ${placeOf(content.context)}`,
		embeds: [
			{
				color: colours.open,
				description: escapeUpTo(content.question, most.question, more(message)),
				fields: [
					...titled("Instructions", node.agent_instructions, message),
					...titled("Done when", node.acceptance_criteria, message),
					{ name: "Asked by", value: escapeUpTo(content.asked_by, 200), inline: true },
					{ name: "Answer by", value: momentOf(content.deadline_at), inline: true },
				],
				footer: footerOf(message, "Press Reply… to answer"),
			},
		],
		components: replyRow(message),
	};
};

const replyCard = (message: OutboundMessage, content: Content<"reply">): Card => ({
	content: `**${escapeUpTo(content.from, 200)} replied** to\n${quote(escapeUpTo(content.in_reply_to, 500))}`,
	embeds: [
		{
			color: colours.open,
			description: escapeUpTo(content.text, most.question, more(message)),
			footer: footerOf(message, "Press Reply… to answer"),
		},
	],
	components: replyRow(message),
});

const nudgeCard = (message: OutboundMessage, content: Content<"nudge">): Card => ({
	content: `**${escapeUpTo(reminderOf(content), 200)}** · answer by ${momentOf(content.deadline_at)}`,
	embeds: [
		{
			color: colours.open,
			description: quote(escapeUpTo(content.question, most.closedQuestion, more(message))),
			footer: footerOf(message, "Press Reply… to answer"),
		},
	],
	components: replyRow(message),
});

const decisionFacts = (content: Content<"decision">): APIEmbedField[] => [
	{ name: "Asked by", value: escapeUpTo(content.asked_by, 200), inline: true },
	...(content.expires_at === null ? [] : [{ name: "Decide by", value: momentOf(content.expires_at), inline: true }]),
];

const recommended = (message: OutboundMessage, content: Content<"decision">): APIEmbedField[] => {
	const found = recommendedOf(content);
	return found ? titled("Recommended", [found.option.label, found.reason].filter((text) => text.trim() !== "").join("\n"), message) : [];
};

const decisionCard = (message: OutboundMessage, content: Content<"decision">): Card => ({
	content: `**${titleOf(content)}** · ${placeOf(content)}`,
	embeds: [
		{
			color: colours.open,
			description: escapeUpTo(content.question, most.question, more(message)),
			fields: [
				...titled("Details", content.details, message),
				{ name: "Options", value: content.options.map(({ label }) => `• ${escapeUpTo(label, 90)}`).join("\n") },
				...recommended(message, content),
				...decisionFacts(content),
			],
			footer: footerOf(message, footnoteOf(content)),
		},
	],
	components: decisionRows(message, content.options),
});

const outcomeCard = (message: OutboundMessage, content: Content<"decision_outcome">): Card => {
	const by = escapeUpTo(deciderOf(content), 200);
	return {
		content: `**${escapeText(outcomeNameOf(content))}**, ${by}, to\n${quote(escapeUpTo(content.question, 500))}`,
		embeds: [
			{
				color: colours.closed,
				...(content.comment !== "" && { description: escapeUpTo(content.comment, most.question, more(message)) }),
				footer: footerOf(message, message.reply ? "Press Reply… to go on" : "Nobody waits for an answer"),
			},
		],
		components: replyRow(message),
	};
};

const textCard = (message: OutboundMessage, content: Content<"text">): Card => ({
	content: `**${escapeUpTo(content.from, 200)}** · ${escapeUpTo(content.project.name, 200)}`,
	embeds: [
		{ color: colours.open, description: escapeUpTo(content.text, most.question, more(message)), footer: footerOf(message, "AgentPlanner") },
	],
	components: linkRow(message),
});

/** How a message looks while its story is open; null for kinds that are sent to no channel of people. */
export const openCard = (message: OutboundMessage): Card | null => {
	const { content } = message;
	switch (content.kind) {
		case "request":
			return requestCard(message, content);
		case "reply":
			return replyCard(message, content);
		case "nudge":
			return nudgeCard(message, content);
		case "decision":
			return decisionCard(message, content);
		case "decision_outcome":
			return outcomeCard(message, content);
		case "text":
			return textCard(message, content);
		case "event":
			return null;
	}
};

const questionOf = (content: MessageContent): { text: string; place: string | null } | null => {
	if (content.kind === "request") return { text: content.question, place: placeOf(content.context) };
	if (content.kind === "decision") return { text: content.question, place: placeOf(content) };
	if (content.kind === "nudge") return { text: content.question, place: null };
	if (content.kind === "reply") return { text: content.text, place: null };
	return content.kind === "decision_outcome" ? { text: content.question, place: null } : null;
};

const outcomeOf = (message: OutboundMessage, { summary, answer, comment, at }: Closing): string[] => {
	const quoted = (text: string) => quote(escapeUpTo(text, mostOfAnswer, more(message)));
	if (answer) return [`**Answered by ${escapeUpTo(answer.from, 200)}**\n${quoted(answer.text)}`];
	const said = [escapeUpTo(summary, most.summary), ...(at ? [momentOf(at)] : [])].filter((part) => part !== "").join(" · ");
	return [said, ...(comment ? [quoted(comment)] : [])];
};

/** The same message once its story has ended: what was asked, how it ended, nothing to press but the link. */
export const closedCard = (message: OutboundMessage, closing: Closing): Card | null => {
	const question = questionOf(message.content);
	if (!question) return null;
	const ending = endingOf(closing);
	const parts = [escapeUpTo(question.text, most.closedQuestion, more(message)), ...outcomeOf(message, closing)];
	return {
		content: `**${ending}**${question.place === null ? "" : ` · ${question.place}`}`,
		embeds: [
			{
				color: colours.closed,
				description: parts.filter((part) => part !== "").join("\n\n"),
				footer: footerOf(message, ending),
			},
		],
		components: linkRow(message),
	};
};
