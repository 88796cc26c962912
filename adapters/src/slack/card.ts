import type { MessageContent, OutboundMessage } from "@agentplanner/contracts";
import type { Button } from "@slack/types";
import { deciderOf, outcomeOf } from "../decision-words.ts";
import { quote } from "../quote.ts";
import { reminderOf } from "../reminder-of.ts";
import {
	actions,
	type Card,
	context,
	header,
	labelOf,
	more,
	mostOfQuestion,
	openButton,
	placeOf,
	section,
	shortId,
	titled,
} from "./blocks.ts";
import { decisionCard } from "./decision-card.ts";
import { escapeText, escapeUpTo, momentOf } from "./text.ts";

/** The button's id, by which its click is known. */
export const replyAction = "agentplanner_reply";

const replyButton = ({ key }: OutboundMessage): Button => ({
	type: "button",
	action_id: replyAction,
	style: "primary",
	text: labelOf("Reply…"),
	value: key,
});

/** Nobody replies where nobody waits for it. */
const replyActions = (message: OutboundMessage) => actions([...(message.reply ? [replyButton(message)] : []), ...openButton(message)]);

type Request = Extract<MessageContent, { kind: "request" }>;

const requestTitle = ({ agent, asked_by }: Request): string => (agent ? `Question for ${agent.name}` : `Question from ${asked_by}`);

const requestCard = (message: OutboundMessage, content: Request): Card => {
	const { node } = content.context;
	const facts = [placeOf(content.context), `asked by ${escapeUpTo(content.asked_by, 200)}`, `answer by ${momentOf(content.deadline_at)}`];
	return {
		text: `${escapeUpTo(requestTitle(content), 200)}: ${escapeUpTo(content.question, 300)}`,
		blocks: [
			header(requestTitle(content)),
			context(facts.join(" · ")),
			section(escapeUpTo(content.question, mostOfQuestion, more(message))),
			...titled("Instructions", node.agent_instructions, message),
			...titled("Done when", node.acceptance_criteria, message),
			...replyActions(message),
			context(`Reply in this thread to answer · ${shortId(content.agent_request_id)}`),
		],
	};
};

const replyCard = (message: OutboundMessage, content: Extract<MessageContent, { kind: "reply" }>): Card => {
	const from = escapeUpTo(content.from, 200);
	return {
		text: `${from} replied: ${escapeUpTo(content.text, 300)}`,
		blocks: [
			section(`*${from} replied* to\n${quote(escapeUpTo(content.in_reply_to, 600))}`),
			section(escapeUpTo(content.text, mostOfQuestion, more(message))),
			...replyActions(message),
		],
	};
};

const nudgeCard = (message: OutboundMessage, content: Extract<MessageContent, { kind: "nudge" }>): Card => {
	const title = reminderOf(content);
	return {
		text: `${escapeUpTo(title, 200)}: ${escapeUpTo(content.question, 300)}`,
		blocks: [
			section(`*${escapeUpTo(title, 200)}* · answer by ${momentOf(content.deadline_at)}\n${quote(escapeUpTo(content.question, 600))}`),
			...replyActions(message),
		],
	};
};

const outcomeCard = (message: OutboundMessage, content: Extract<MessageContent, { kind: "decision_outcome" }>): Card => {
	const outcome = escapeText(outcomeOf(content));
	return {
		text: `${outcome}: ${escapeUpTo(content.question, 300)}`,
		blocks: [
			section(`*${outcome}*, ${escapeUpTo(deciderOf(content), 200)}, to\n${quote(escapeUpTo(content.question, 600))}`),
			...(content.comment === "" ? [] : [section(escapeUpTo(content.comment, mostOfQuestion, more(message)))]),
			...replyActions(message),
		],
	};
};

const textCard = (message: OutboundMessage, { text, from, project }: Extract<MessageContent, { kind: "text" }>): Card => ({
	text: `${escapeUpTo(from, 200)}: ${escapeUpTo(text, 300)}`,
	blocks: [
		section(escapeUpTo(text, mostOfQuestion, more(message))),
		context(`${escapeUpTo(from, 200)}, from ${escapeUpTo(project.name, 200)} in AgentPlanner · nobody waits for an answer`),
		...actions(openButton(message)),
	],
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
