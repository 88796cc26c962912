import { z } from "zod";
import { Delivery } from "./deliveries.ts";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { Id, requiredText, text } from "./values.ts";

/** What fits into one message of every platform. */
export const longestMessage = 2_000;

/** A place, or a member by the account that they linked; `integration_id` beside it says on which platform, where there are several. */
export const MessageTarget = z.union([
	z.strictObject({ user_id: Id, integration_id: Id.optional() }),
	z.strictObject({ integration_id: Id, address: text(500).default("") }),
]);
export type MessageTarget = z.infer<typeof MessageTarget>;

export const SendMessageInput = z
	.strictObject({
		to: MessageTarget,
		/** Markdown. */
		text: requiredText(longestMessage),
	})
	.meta({
		examples: [{ to: { integration_id: "019b2c5e-7d1a-7c43-9a57-2f7f8e0f6b11", address: "C0123456789" }, text: "The fair is on Friday." }],
	});
export type SendMessageInput = z.infer<typeof SendMessageInput>;

export const messages = {
	sendMessage: endpoint({
		method: "POST",
		path: "/projects/{projectId}/messages",
		summary: "Send a plain message to a channel or a member",
		description:
			"It asks nothing, so nobody waits for an answer. It is delivered, tried again and replayed like everything else: see `GET …/deliveries/{deliveryId}`, or `GET …/deliveries?kind=text` for all.",
		tag: "messages",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: SendMessageInput,
		output: Delivery,
		status: 202,
		refuses: ["unprocessable"],
	}),
};
