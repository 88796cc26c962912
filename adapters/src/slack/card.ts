import type { Closing, MessageContent, OutboundMessage } from "@agentplanner/contracts";
import type { ActionsBlock, ContextBlock, HeaderBlock, KnownBlock, SectionBlock } from "@slack/types";
import { cutPlain, escapeText, escapeUpTo, linkTo, momentOf, quote } from "./text.ts";

/** What a message looks like; `text` is its notification, and what a screen reader reads. */
export type Card = { text: string; blocks: KnownBlock[] };

/** The button's id, by which its click is known. */
export const replyAction = "agentplanner_reply";

type Context = Extract<MessageContent, { kind: "request" }>["context"];

/** https://docs.slack.dev/reference/block-kit/blocks */
const most = { header: 150, section: 3_000, context: 2_000 };
const mostOfQuestion = 2_900;
const mostOfInstructions = 1_200;
/** Each of its lines grows by two characters when it is quoted. */
const mostOfAnswer = 900;

const header = (text: string): HeaderBlock => ({ type: "header", text: { type: "plain_text", text: cutPlain(text, most.header) } });
/** `verbatim`: Slack makes neither links nor mentions of what merely looks like them. */
const section = (text: string): SectionBlock => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });
const context = (text: string): ContextBlock => ({ type: "context", elements: [{ type: "mrkdwn", text, verbatim: true }] });

/** What a cut text ends with, so that the rest is one click away. */
const more = ({ link }: OutboundMessage): string => (link === null ? "…" : `… ${linkTo(link, "more in AgentPlanner")}`);

const actions = (message: OutboundMessage, canReply: boolean): ActionsBlock[] => {
	const elements: ActionsBlock["elements"] = [];
	if (canReply)
		elements.push({
			type: "button",
			action_id: replyAction,
			style: "primary",
			text: { type: "plain_text", text: "Reply…" },
			value: message.key,
		});
	if (message.link !== null)
		elements.push({
			type: "button",
			action_id: "agentplanner_open",
			text: { type: "plain_text", text: "Open in AgentPlanner" },
			url: message.link,
		});
	return elements.length > 0 ? [{ type: "actions", elements }] : [];
};

const placeOf = ({ plan, node }: Context): string => `*${escapeUpTo(plan.title, 300)}* › ${escapeUpTo(node.title, 300)}`;

const titled = (title: string, text: string, message: OutboundMessage): SectionBlock[] =>
	text.trim() === "" ? [] : [section(`*${title}*\n${escapeUpTo(text, mostOfInstructions, more(message))}`)];

const shortId = (id: string): string => `\`${id.slice(-8)}\``;

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
			...actions(message, true),
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
			...actions(message, true),
		],
	};
};

type Decision = Extract<MessageContent, { kind: "decision" }>;

const factsOf = ({ plan, node, asked_by, expires_at }: Decision): string =>
	[
		`*${escapeUpTo(plan.title, 300)}* › ${escapeUpTo(node.title, 300)}`,
		`asked by ${escapeUpTo(asked_by, 200)}`,
		...(expires_at === null ? [] : [`decide by ${momentOf(expires_at)}`]),
	].join(" · ");

const outcomeCard = (message: OutboundMessage, content: Extract<MessageContent, { kind: "decision_outcome" }>): Card => {
	const outcome = content.option === null ? "cancelled" : escapeText(content.option.label);
	const by = content.closed_by === null ? "by its deadline" : `by ${escapeUpTo(content.closed_by, 200)}`;
	return {
		text: `Decided: ${outcome}`,
		blocks: [
			section(`*${outcome}*, ${by}, to\n${quote(escapeUpTo(content.question, 600))}`),
			...(content.comment === "" ? [] : [section(escapeUpTo(content.comment, mostOfQuestion, more(message)))]),
			...actions(message, true),
		],
	};
};

const decisionCard = (message: OutboundMessage, content: Decision): Card => {
	const options = content.options.map((option) => `• ${escapeText(option.label)}`).join("\n");
	return {
		text: `Decision needed: ${escapeUpTo(content.question, 300)}`,
		blocks: [
			header("Decision needed"),
			context(factsOf(content)),
			section(escapeUpTo(content.question, mostOfQuestion, more(message))),
			...titled("Details", content.details, message),
			section(options),
			...actions(message, false),
		],
	};
};

const textCard = (message: OutboundMessage, { text, from, project }: Extract<MessageContent, { kind: "text" }>): Card => ({
	text: `${escapeUpTo(from, 200)}: ${escapeUpTo(text, 300)}`,
	blocks: [
		section(escapeUpTo(text, mostOfQuestion, more(message))),
		context(`${escapeUpTo(from, 200)}, from ${escapeUpTo(project.name, 200)} in AgentPlanner · nobody waits for an answer`),
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

const endings: Partial<Record<Closing["status"], string>> = {
	completed: "Answered",
	rejected: "Declined",
	failed: "Not answered",
	expired: "Expired",
	cancelled: "Cancelled",
	decided: "Decided",
};

const questionOf = (content: MessageContent): { text: string; facts: string | null } | null => {
	if (content.kind === "request") return { text: content.question, facts: placeOf(content.context) };
	if (content.kind === "reply") return { text: content.text, facts: null };
	if (content.kind === "decision") return { text: content.question, facts: factsOf(content) };
	return content.kind === "decision_outcome" ? { text: content.question, facts: null } : null;
};

/** The same message once its story has ended: what was asked, how it ended, nothing to press but the link. */
export const closedCard = (message: OutboundMessage, { status, summary, answer }: Closing): Card | null => {
	const question = questionOf(message.content);
	if (!question) return null;
	const ending = endings[status] ?? "Closed";
	const outcome = answer
		? `*Answered by ${nameOf(answer.from)}*\n${quote(escapeUpTo(answer.text, mostOfAnswer, more(message)))}`
		: escapeUpTo(summary, 1_000);
	return {
		text: `${ending}: ${escapeUpTo(question.text, 300)}`,
		blocks: [
			header(ending),
			...(question.facts === null ? [] : [context(question.facts)]),
			section(escapeUpTo(question.text, 1_000, more(message))),
			...(outcome === "" ? [] : [section(outcome)]),
			...actions(message, false),
		],
	};
};

/** Slack shows a member's id by the name. */
const nameOf = (from: string): string => (/^[UW][A-Z0-9]{5,20}$/.test(from) ? `<@${from}>` : escapeUpTo(from, 200));
