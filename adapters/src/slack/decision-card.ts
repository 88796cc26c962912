import type { MessageContent, OutboundMessage } from "@agentplanner/contracts";
import type { ActionsBlockElement, Button } from "@slack/types";
import { footnoteOf, recommendedOf, titleOf } from "../decision-words.ts";
import {
	actions,
	type Card,
	context,
	fitsLabel,
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
import { commentAction, optionAction, selectAction } from "./decision-actions.ts";
import { escapeUpTo, momentOf } from "./text.ts";

export type Decision = Extract<MessageContent, { kind: "decision" }>;

/** More than these don't fit in one row on a phone. */
const mostButtons = 5;

/** Ten of them are a section, also where every character had to be escaped. */
const mostOfListed = 290;

const styles: Record<string, "primary" | "danger"> = { approve: "primary", reject: "danger" };

/** Asked once more, since nothing takes a decision back. */
const confirmation = (text: string) => ({
	title: labelOf("Are you sure?"),
	text: { type: "plain_text" as const, text },
	confirm: labelOf("Decide"),
	deny: labelOf("Back"),
});

const optionButton = ({ key }: OutboundMessage, { id, label }: Decision["options"][number]): Button => {
	const style = styles[id];
	return {
		type: "button",
		action_id: optionAction(id),
		text: labelOf(label),
		value: key,
		...(style && { style }),
		...(style === "danger" && { confirm: { ...confirmation(`This decides: ${label}`), style } }),
	};
};

const choices = (message: OutboundMessage, { options }: Decision): ActionsBlockElement[] => {
	if (options.length <= mostButtons) return options.map((option) => optionButton(message, option));
	return [
		{
			type: "static_select",
			action_id: selectAction(message.key),
			placeholder: labelOf("Choose"),
			options: options.map(({ id, label }) => ({ text: labelOf(label), value: id })),
			confirm: confirmation("This decides."),
		},
	];
};

const commentButton = ({ key }: OutboundMessage): Button => ({
	type: "button",
	action_id: commentAction,
	text: labelOf("With a comment…"),
	value: key,
});

export const factsOf = (decision: Decision): string =>
	[
		placeOf(decision),
		`asked by ${escapeUpTo(decision.asked_by, 200)}`,
		...(decision.expires_at === null ? [] : [`decide by ${momentOf(decision.expires_at)}`]),
	].join(" · ");

/** Buttons show the beginnings of long options. */
const inFull = ({ options }: Decision): string | null =>
	options.every(({ label }) => fitsLabel(label)) ? null : options.map(({ label }) => `• ${escapeUpTo(label, mostOfListed)}`).join("\n");

const recommended = (message: OutboundMessage, decision: Decision) => {
	const found = recommendedOf(decision);
	return found ? titled("Recommended", [found.option.label, found.reason].filter((text) => text.trim() !== "").join("\n"), message) : [];
};

/** A question with its options to press, while it is pending. */
export const decisionCard = (message: OutboundMessage, decision: Decision): Card => {
	const list = inFull(decision);
	return {
		text: `${titleOf(decision)}: ${escapeUpTo(decision.question, 300)}`,
		blocks: [
			header(titleOf(decision)),
			context(factsOf(decision)),
			section(escapeUpTo(decision.question, mostOfQuestion, more(message))),
			...titled("Details", decision.details, message),
			...recommended(message, decision),
			...(list === null ? [] : [section(list)]),
			...actions(choices(message, decision)),
			...actions([commentButton(message), ...openButton(message)]),
			context(`${footnoteOf(decision)} · ${shortId(decision.decision_id)}`),
		],
	};
};
