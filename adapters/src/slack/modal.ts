import type { KnownBlock, ModalView } from "@slack/types";
import { z } from "zod";
import { labelOf, section } from "./blocks.ts";
import type { ShownOption } from "./decision-actions.ts";
import { SlackEar } from "./ear.ts";

/** The modals' ids, by which what comes back from them is known. */
export const replyModal = "agentplanner_reply_modal";
export const decisionModal = "agentplanner_decision_modal";

const mostCharacters = 3_000;

/** What a modal is about; it carries this, and gives it back. */
export const Held = z.object({ deliveryId: z.string(), ear: SlackEar.optional() });
export type Held = z.infer<typeof Held>;

type Parts = { id: string; title: string; submit: string; held: Held; question: string | undefined; inputs: KnownBlock[] };

/** `question`: the notification text of the message, escaped already. */
const viewOf = ({ id, title, submit, held, question, inputs }: Parts): ModalView => ({
	type: "modal",
	callback_id: id,
	private_metadata: JSON.stringify(held),
	title: { type: "plain_text", text: title },
	submit: { type: "plain_text", text: submit },
	close: { type: "plain_text", text: "Cancel" },
	blocks: [...(question ? [section(question)] : []), ...inputs],
});

const textInput = (blockId: string, label: string, focus: boolean): KnownBlock => ({
	type: "input",
	block_id: blockId,
	label: { type: "plain_text", text: label },
	element: { type: "plain_text_input", action_id: "text", multiline: true, max_length: mostCharacters, focus_on_load: focus },
});

/** Asks for an answer to one delivery. */
export const replyView = (held: Held, question: string | undefined): ModalView =>
	viewOf({ ...{ id: replyModal, title: "Reply", submit: "Send", held, question }, inputs: [textInput("answer", "Your answer", true)] });

/** Asks for one of a decision's options and for the reason; `chosen`: what they pressed already. */
export const decisionView = (held: Held, question: string | undefined, options: ShownOption[], chosen?: string): ModalView => {
	const offered = options.map(({ id, label }) => ({ text: labelOf(label), value: id }));
	const initial = offered.find(({ value }) => value === chosen);
	return viewOf({
		...{ id: decisionModal, title: "Decide", submit: "Decide", held, question },
		inputs: [
			{
				type: "input",
				block_id: "option",
				label: labelOf("Your decision"),
				element: {
					type: "radio_buttons",
					action_id: "choice",
					options: offered,
					...(initial && { initial_option: initial }),
				},
			},
			textInput("comment", "Comment", initial !== undefined),
		],
	});
};
