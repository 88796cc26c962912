import type { APIModalInteractionResponse } from "discord.js";
import { customIdOf } from "./custom-id.ts";

/** The ids of the modals' fields, by which what comes back is known. */
export const fields = { answer: "answer", option: "option", comment: "comment" };

const most = { answer: 4_000, comment: 2_000 };

/** Asks for an answer to one delivery. */
export const replyModal = (deliveryId: string): APIModalInteractionResponse => ({
	type: 9,
	data: {
		custom_id: customIdOf({ action: "answer", deliveryId }),
		title: "Reply",
		components: [
			{
				type: 18,
				label: "Your answer",
				component: { type: 4, custom_id: fields.answer, style: 2, max_length: most.answer, required: true },
			},
		],
	},
});

type Offered = { value: string; label: string };

/** Asks for a decision with the reason for it; `chosen`: what they pressed already, which needs one. */
export const decisionModal = (deliveryId: string, options: readonly Offered[], chosen?: string): APIModalInteractionResponse => ({
	type: 9,
	data: {
		custom_id: customIdOf({ action: "commented", deliveryId }),
		title: "Decide",
		components: [
			{
				...{ type: 18, label: "Decision" },
				component: {
					...{ type: 3, custom_id: fields.option, required: true },
					options: options.map((option) => ({ ...option, ...(option.value === chosen && { default: true }) })),
				},
			},
			{
				type: 18,
				label: "Comment",
				component: { type: 4, custom_id: fields.comment, style: 2, max_length: most.comment, required: chosen !== undefined },
			},
		],
	},
});
