import type { OutboundMessage } from "@agentplanner/contracts";
import type { ActionsBlock, ActionsBlockElement, Button, ContextBlock, HeaderBlock, KnownBlock, SectionBlock } from "@slack/types";
import { cutText } from "../cut-text.ts";
import { escapeUpTo, linkTo } from "./text.ts";

/** What a message looks like; `text` is its notification, and what a screen reader reads. */
export type Card = { text: string; blocks: KnownBlock[] };

/** https://docs.slack.dev/reference/block-kit/blocks */
const mostOfHeader = 150;
const mostOfLabel = 75;
const mostOfInstructions = 1_200;

export const mostOfQuestion = 2_900;

// Blocks have no `block_id`: Slack gives new ones with each update, without which its clients may keep an old state.
export const header = (text: string): HeaderBlock => ({
	type: "header",
	text: { type: "plain_text", text: cutText(text, mostOfHeader) },
});
/** `verbatim`: Slack makes neither links nor mentions of what merely looks like them. */
export const section = (text: string): SectionBlock => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });
export const context = (text: string): ContextBlock => ({ type: "context", elements: [{ type: "mrkdwn", text, verbatim: true }] });
export const actions = (elements: ActionsBlockElement[]): ActionsBlock[] => (elements.length > 0 ? [{ type: "actions", elements }] : []);

export const labelOf = (text: string): { type: "plain_text"; text: string } => ({ type: "plain_text", text: cutText(text, mostOfLabel) });
export const fitsLabel = (text: string): boolean => text.length <= mostOfLabel;

/** Pressing it opens the page; that Slack also tells us of it needs no more than a yes. */
export const linkButton = (url: string, label: string): Button => ({
	type: "button",
	action_id: "agentplanner_open",
	text: labelOf(label),
	url,
});
export const openButton = ({ link }: OutboundMessage): Button[] => (link === null ? [] : [linkButton(link, "Open in AgentPlanner")]);

/** What a cut text ends with, so that the rest is one click away. */
export const more = ({ link }: OutboundMessage): string => (link === null ? "…" : `… ${linkTo(link, "more in AgentPlanner")}`);

export const titled = (title: string, text: string, message: OutboundMessage): SectionBlock[] =>
	text.trim() === "" ? [] : [section(`*${title}*\n${escapeUpTo(text, mostOfInstructions, more(message))}`)];

export const placeOf = ({ plan, node }: { plan: { title: string }; node: { title: string } }): string =>
	`*${escapeUpTo(plan.title, 300)}* › ${escapeUpTo(node.title, 300)}`;

export const shortId = (id: string): string => `\`${id.slice(-8)}\``;
