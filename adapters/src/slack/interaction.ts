import {
	type AdapterError,
	type ImmediateCall,
	type Inbound,
	type Parsed,
	type PlatformPerson,
	reviseOption,
} from "@agentplanner/contracts";
import { z } from "zod";
import { parseJson } from "../parse-json.ts";
import { problemOf } from "../problem-of.ts";
import { replyAction } from "./card.ts";
import { type Choice, choiceOf, commentAction, shownOptions } from "./decision-actions.ts";
import { earOf, whisperCall } from "./ear.ts";
import { decisionModal, decisionView, Held, replyModal, replyView } from "./modal.ts";

const Person = z.object({ id: z.string(), name: z.string().optional(), username: z.string().optional(), team_id: z.string().optional() });
const common = { api_app_id: z.string(), user: Person, team: z.object({ id: z.string() }).nullish() };

const Press = z.object({
	...common,
	type: z.literal("block_actions"),
	trigger_id: z.string(),
	channel: z.object({ id: z.string() }).optional(),
	message: z.object({ text: z.string().optional(), thread_ts: z.string().optional(), blocks: z.array(z.unknown()).default([]) }).optional(),
	actions: z.array(
		z.object({
			action_id: z.string(),
			action_ts: z.string(),
			value: z.string().optional(),
			selected_option: z.object({ value: z.string() }).nullish(),
		}),
	),
});
type Press = z.infer<typeof Press>;

const Field = z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() });
const Submission = z.object({
	...common,
	type: z.literal("view_submission"),
	view: z.object({
		id: z.string(),
		callback_id: z.string(),
		private_metadata: z.string(),
		state: z.object({ values: z.record(z.string(), z.record(z.string(), Field)) }),
	}),
});
type Submission = z.infer<typeof Submission>;

const Interaction = z.discriminatedUnion("type", [Press, Submission]);

/** What somebody pressed or sent in Slack: https://docs.slack.dev/reference/interaction-payloads */
export const parseInteraction = (payload: unknown, refusal: (message: string) => AdapterError): Parsed & { appId: string } => {
	const known = z.object({ type: z.string(), api_app_id: z.string() }).safeParse(payload);
	if (!known.success) throw refusal("payload: is not an interaction");
	const { type, api_app_id: appId } = known.data;
	if (type !== "block_actions" && type !== "view_submission") return { appId, inbound: [] };
	const parsed = Interaction.safeParse(payload);
	if (!parsed.success) throw refusal(`payload.${problemOf(parsed.error)}`);
	const interaction = parsed.data;
	return { appId, ...(interaction.type === "block_actions" ? pressed(interaction) : submitted(interaction, refusal)) };
};

/** Ids are a workspace's own, so that a guest from another one is named with it. */
const personOf = ({ user, team }: Press | Submission): PlatformPerson => ({
	id: user.team_id === undefined || !team || user.team_id === team.id ? user.id : `${user.team_id}:${user.id}`,
	name: user.name ?? user.username ?? user.id,
});

const pressed = (press: Press): Parsed => {
	const { user, channel, message } = press;
	const ear = channel && earOf(channel.id, user.id, message?.thread_ts);
	const inbound: Inbound[] = [];
	let now: ImmediateCall | undefined;
	for (const action of press.actions) {
		const choice = choiceOf(action);
		if (choice && choice.option !== reviseOption.id) {
			// The moment of the press stays the same where Slack tells of it again.
			const externalId = `press:${action.action_ts}:${user.id}:${choice.deliveryId}`;
			inbound.push({ type: "decision", externalId, ...choice, comment: "", person: personOf(press), ...(ear && { ear }) });
		}
		now ??= formOf(press, action, choice, ear);
	}
	return { inbound, ...(now && { now }) };
};

type Ear = ReturnType<typeof earOf>;

/** The form that a button opens, if it is one that does: what needs words can't be settled by a press alone. */
const formOf = (
	{ trigger_id, message }: Press,
	{ action_id, value }: Press["actions"][number],
	choice: Choice | null,
	ear: Ear | undefined,
) => {
	const revising = choice?.option === reviseOption.id;
	const deliveryId = revising ? choice.deliveryId : value;
	if (deliveryId === undefined || !(revising || action_id === replyAction || action_id === commentAction)) return;
	const held: Held = { deliveryId, ...(ear && { ear }) };
	const open = (view: object): ImmediateCall => ({ method: "views.open", arguments: { trigger_id, view } });
	if (action_id === replyAction) return open(replyView(held, message?.text));
	const options = shownOptions(message?.blocks ?? []);
	if (options.length > 0) return open(decisionView(held, message?.text, options, choice?.option));
	return ear && whisperCall(ear, { text: "This decision has ended meanwhile." });
};

const closed = { status: 200, body: { response_action: "clear" } };
const mend = (errors: Record<string, string>): Parsed => ({
	inbound: [],
	reply: { status: 200, body: { response_action: "errors", errors } },
});

const heldBy = (metadata: string, refusal: (message: string) => AdapterError): Held => {
	const held = Held.safeParse(parseJson(metadata));
	if (!held.success) throw refusal("payload.view.private_metadata: is not ours");
	return held.data;
};

const submitted = (submission: Submission, refusal: (message: string) => AdapterError): Parsed => {
	const { view } = submission;
	if (view.callback_id !== replyModal && view.callback_id !== decisionModal) return { inbound: [] };
	const { deliveryId, ear } = heldBy(view.private_metadata, refusal);
	const { answer, option, comment } = view.state.values;
	const person = personOf(submission);
	// A modal can be sent but once; its id stays the same where Slack posts it again.
	const about = { externalId: `view:${view.id}`, deliveryId, ...(ear && { ear }) };
	if (view.callback_id === replyModal) {
		const text = answer?.text?.value ?? "";
		if (text.trim() === "") return mend({ answer: "Write an answer." });
		return { inbound: [{ type: "answer", ...about, text, author: person.name }], reply: closed };
	}
	const chosen = option?.choice?.selected_option?.value;
	const reason = comment?.text?.value ?? "";
	if (chosen === undefined) return mend({ option: "Choose one." });
	if (reason.trim() === "") return mend({ comment: "Write a comment." });
	return { inbound: [{ type: "decision", ...about, option: chosen, comment: reason, person }], reply: closed };
};
