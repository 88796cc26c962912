import type { ModalView } from "@slack/types";

/** The modal's id, by which what comes back from it is known. */
export const replyModal = "agentplanner_reply_modal";

const mostCharacters = 3_000;

/** Asks for an answer to one delivery; `question` is the notification text of its message, escaped already. */
export const replyView = (deliveryId: string, question: string | undefined): ModalView => ({
	type: "modal",
	callback_id: replyModal,
	private_metadata: deliveryId,
	title: { type: "plain_text", text: "Reply" },
	submit: { type: "plain_text", text: "Send" },
	close: { type: "plain_text", text: "Cancel" },
	blocks: [
		...(question ? [{ type: "section" as const, text: { type: "mrkdwn" as const, text: question, verbatim: true } }] : []),
		{
			type: "input",
			block_id: "answer",
			label: { type: "plain_text", text: "Your answer" },
			element: { type: "plain_text_input", action_id: "text", multiline: true, max_length: mostCharacters, focus_on_load: true },
		},
	],
});
