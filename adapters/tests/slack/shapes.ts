import { z } from "zod";

const plain = (max: number) => z.strictObject({ type: z.literal("plain_text"), text: z.string().min(1).max(max) });
const mrkdwn = (max: number) =>
	z.strictObject({ type: z.literal("mrkdwn"), text: z.string().min(1).max(max), verbatim: z.boolean().optional() });

const Confirm = z.strictObject({
	title: plain(100),
	text: plain(300),
	confirm: plain(30),
	deny: plain(30),
	style: z.enum(["primary", "danger"]).optional(),
});
const options = (max: number) =>
	z
		.array(z.strictObject({ text: plain(75), value: z.string().min(1).max(75) }))
		.min(1)
		.max(max);

const Button = z.strictObject({
	type: z.literal("button"),
	action_id: z.string().min(1).max(255),
	text: plain(75),
	style: z.enum(["primary", "danger"]).optional(),
	value: z.string().max(2_000).optional(),
	url: z.url().max(3_000).optional(),
	confirm: Confirm.optional(),
});
const Select = z.strictObject({
	type: z.literal("static_select"),
	action_id: z.string().min(1).max(255),
	placeholder: plain(150),
	options: options(100),
	confirm: Confirm.optional(),
});

/**
 * The blocks that we use, with Slack's limits: https://docs.slack.dev/reference/block-kit/blocks
 * None with a `block_id` of ours, which would have to be another one after each update.
 */
const Block = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("header"), text: plain(150) }),
	z.strictObject({ type: z.literal("section"), text: mrkdwn(3_000) }),
	z.strictObject({ type: z.literal("context"), elements: z.array(mrkdwn(2_000)).min(1).max(10) }),
	z.strictObject({
		type: z.literal("actions"),
		elements: z
			.array(z.discriminatedUnion("type", [Button, Select]))
			.min(1)
			.max(25)
			.refine((elements) => new Set(elements.map(({ action_id }) => action_id)).size === elements.length, "action_id twice"),
	}),
]);
export type Block = z.infer<typeof Block>;

const Input = z.strictObject({
	type: z.literal("input"),
	block_id: z.string().min(1).max(255),
	label: plain(2_000),
	element: z.discriminatedUnion("type", [
		z.strictObject({
			type: z.literal("plain_text_input"),
			action_id: z.string().min(1).max(255),
			multiline: z.boolean(),
			max_length: z.int().min(1).max(3_000),
			focus_on_load: z.boolean(),
		}),
		z
			.strictObject({
				type: z.literal("radio_buttons"),
				action_id: z.string().min(1).max(255),
				options: options(10),
				initial_option: options(1).element.optional(),
			})
			.refine(
				({ options, initial_option: initial }) => !initial || options.some((option) => JSON.stringify(option) === JSON.stringify(initial)),
				"initial_option is none of the options",
			),
	]),
});

export const View = z.strictObject({
	type: z.literal("modal"),
	callback_id: z.string().min(1).max(255),
	private_metadata: z.string().max(3_000),
	title: plain(24),
	submit: plain(24),
	close: plain(24),
	blocks: z.array(z.union([Block, Input])).max(100),
});
export type View = z.infer<typeof View>;

const Metadata = z.strictObject({
	event_type: z.string().regex(/^[a-z_]{1,100}$/),
	event_payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Metadata = z.infer<typeof Metadata>;

const channel = z.string().min(1);
const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const content = { text: z.string().min(1).max(40_000), blocks: z.array(Block).max(50).optional(), metadata: Metadata.optional() };
/** What answers a command. */
export const HookMessage = z.strictObject({ response_type: z.literal("ephemeral"), text: content.text, blocks: content.blocks });

const page = {
	channel,
	oldest: z.string().regex(/^\d+(\.\d+)?$/),
	limit: z.coerce.number().int().min(1).max(999),
	cursor: z.string().optional(),
	include_all_metadata: flag,
};

/** The methods that we use with their arguments, which come as text, and the scopes they need (one of them will do, of those for the kind of channel). */
export const methods = {
	"apps.connections.open": { args: z.strictObject({}), scopes: [] },
	"auth.test": { args: z.strictObject({}), scopes: [] },
	"chat.postMessage": {
		args: z.strictObject({
			channel,
			...content,
			thread_ts: z.string().optional(),
			client_msg_id: z.uuid().optional(),
			unfurl_links: flag.optional(),
			unfurl_media: flag.optional(),
		}),
		scopes: ["chat:write"],
	},
	"chat.postEphemeral": {
		args: z.strictObject({ channel, user: z.string(), text: content.text, blocks: content.blocks, thread_ts: z.string().optional() }),
		scopes: ["chat:write"],
	},
	"chat.update": { args: z.strictObject({ channel, ts: z.string(), ...content }), scopes: ["chat:write"] },
	"conversations.info": { args: z.strictObject({ channel }), scopes: ["channels:read", "groups:read", "im:read"] },
	"conversations.open": { args: z.strictObject({ users: z.string().regex(/^[UW]/) }), scopes: ["im:write"] },
	"conversations.history": { args: z.strictObject(page), scopes: ["channels:history", "groups:history", "im:history"] },
	"conversations.replies": {
		args: z.strictObject({ ...page, ts: z.string() }),
		scopes: ["channels:history", "groups:history", "im:history"],
	},
	"users.info": { args: z.strictObject({ user: z.string().min(1) }), scopes: ["users:read"] },
	"views.open": { args: z.strictObject({ trigger_id: z.string(), view: View }), scopes: [] },
} as const;

export type Method = keyof typeof methods;
export type Args<Name extends Method> = z.infer<(typeof methods)[Name]["args"]>;
