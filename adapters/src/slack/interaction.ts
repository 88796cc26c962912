import type { AdapterError, Inbound, Parsed } from "@agentplanner/contracts";
import { z } from "zod";
import { replyAction } from "./card.ts";
import { replyModal, replyView } from "./modal.ts";

const Interaction = z.discriminatedUnion("type", [
	z.object({
		type: z.literal("block_actions"),
		api_app_id: z.string(),
		trigger_id: z.string(),
		message: z.object({ text: z.string() }).optional(),
		actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })),
	}),
	z.object({
		type: z.literal("view_submission"),
		api_app_id: z.string(),
		user: z.object({ id: z.string(), name: z.string().optional() }),
		view: z.object({
			id: z.string(),
			callback_id: z.string(),
			private_metadata: z.string(),
			state: z.object({ values: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.string().nullish() }))) }),
		}),
	}),
]);

/** What somebody pressed or sent in Slack: https://docs.slack.dev/reference/interaction-payloads */
export const parseInteraction = (payload: unknown, refusal: (message: string) => AdapterError): Parsed & { appId: string } => {
	const known = z.object({ type: z.string(), api_app_id: z.string() }).safeParse(payload);
	if (!known.success) throw refusal("payload: is not an interaction");
	const { type, api_app_id: appId } = known.data;
	if (type !== "block_actions" && type !== "view_submission") return { appId, inbound: [] };
	const parsed = Interaction.safeParse(payload);
	if (!parsed.success) throw refusal(`payload.${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`);
	const interaction = parsed.data;
	if (interaction.type === "block_actions") {
		const deliveryId = interaction.actions.find(({ action_id }) => action_id === replyAction)?.value;
		if (deliveryId === undefined) return { appId, inbound: [] };
		const view = replyView(deliveryId, interaction.message?.text);
		return { appId, inbound: [], now: { method: "views.open", arguments: { trigger_id: interaction.trigger_id, view } } };
	}
	const { view, user } = interaction;
	if (view.callback_id !== replyModal) return { appId, inbound: [] };
	const text = view.state.values.answer?.text?.value ?? "";
	const closed = { status: 200, body: { response_action: "clear" } };
	if (text.trim() === "")
		return { appId, inbound: [], reply: { status: 200, body: { response_action: "errors", errors: { answer: "Write an answer." } } } };
	const answer: Inbound = {
		type: "answer",
		// A modal can be sent but once; its id stays the same where Slack posts it again.
		externalId: `view:${view.id}`,
		deliveryId: view.private_metadata,
		text,
		author: user.name ?? user.id,
	};
	return { appId, inbound: [answer], reply: closed };
};
