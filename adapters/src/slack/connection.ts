import {
	type AdapterContext,
	AdapterError,
	type Config,
	type Connection,
	type FindResult,
	type OutboundMessage,
	personOf,
	type Receipt,
} from "@agentplanner/contracts";
import { z } from "zod";
import { checkAppToken, createLineRequest } from "./app-token.ts";
import type { Card } from "./blocks.ts";
import { callNow } from "./call-now.ts";
import { openCard } from "./card.ts";
import { channelOf, isMember } from "./channel.ts";
import { checkSlack } from "./check.ts";
import { type Answer, createSlackCaller } from "./client.ts";
import { closedCard } from "./closed-card.ts";
import type { SlackSecrets, SlackSettings } from "./config.ts";
import { whisperCall } from "./ear.ts";
import { createHandle } from "./handle-envelope.ts";
import { listenToSlack } from "./listen.ts";
import { SlackRefusal } from "./outcome.ts";
import { CommandEar, respond } from "./respond.ts";

const Place = z.object({ channel: z.string(), ts: z.string() });
type Place = z.infer<typeof Place>;

const receiptOf = ({ channel, ts }: Place): Receipt => ({ platformId: `${channel}:${ts}`, data: { channel, ts } });

/** By it a message of ours is found again. Everybody in the channel can read it. */
const metadataOf = ({ key }: OutboundMessage) => ({ event_type: "agentplanner_message", event_payload: { delivery_id: key } });

const Opened = z.object({ channel: z.object({ id: z.string() }) });

const Page = z.object({
	messages: z.array(
		z.object({
			ts: z.string(),
			app_id: z.string().optional(),
			metadata: z
				.object({ event_payload: z.object({ delivery_id: z.string() }).partial() })
				.partial()
				.optional(),
		}),
	),
	has_more: z.boolean().optional(),
	response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

const Member = z.object({
	user: z
		.object({ name: z.string(), real_name: z.string(), profile: z.object({ display_name: z.string(), real_name: z.string() }).partial() })
		.partial(),
});

const pageSize = 100;
/** Where so much was said since, looking on costs more than asking a person. */
const mostPages = 10;
/** Slack's clock and ours may differ by this much. */
const clockSkewMs = 60_000;
/** Refusals by which Slack says that the app may not read here, though it may write. */
const unreadable = new Set(["missing_scope", "not_in_channel"]);

/** What can be done without, by the code of Slack's refusal: then the message goes out, and a person is told. */
const withoutThread = { leaveOut: { thread_ts: undefined }, note: "Posted outside its thread, which is gone or closed" };
const withoutBlocks = {
	leaveOut: { blocks: undefined },
	note: "Posted as plain text, since Slack refused its layout: report this as a defect",
};
const dispensable: Record<string, { leaveOut: Record<string, undefined>; note: string }> = {
	thread_not_found: withoutThread,
	cannot_reply_to_message: withoutThread,
	restricted_action_thread_locked: withoutThread,
	restricted_action_non_threadable_channel: withoutThread,
	invalid_blocks: withoutBlocks,
	invalid_blocks_format: withoutBlocks,
	msg_blocks_too_long: withoutBlocks,
};

export const openSlack = (config: Config<SlackSettings, SlackSecrets>, context: AdapterContext): Connection => {
	const call = createSlackCaller(config, context);
	const requestLine = createLineRequest(config, context);
	const appId = config.settings.app_id;

	/** What Slack has refused it doesn't have, so a second call can't make two of it. */
	const post = async (args: Record<string, unknown>, signal: AbortSignal): Promise<Answer<unknown> & { note?: string }> => {
		try {
			return await call("chat.postMessage", args, signal);
		} catch (error) {
			if (!(error instanceof SlackRefusal)) throw error;
			const spared = dispensable[error.code];
			if (!spared) throw error;
			context.log.warn({ code: error.code }, "message refused as it was; posting it without");
			return { ...(await call("chat.postMessage", { ...args, ...spared.leaveOut }, signal)), note: `${spared.note} (${error.code}).` };
		}
	};

	/** Through the channel, or the thread under `ts`, from `oldest` on. */
	const look = async (where: { channel: string; ts?: string; oldest: string }, key: string, signal: AbortSignal): Promise<FindResult> => {
		const method = where.ts ? "conversations.replies" : "conversations.history";
		let cursor: string | undefined;
		for (let page = 0; page < mostPages; page += 1) {
			const { result } = await call(method, { ...where, limit: pageSize, include_all_metadata: true, cursor }, signal);
			const { messages, has_more, response_metadata } = Page.parse(result);
			const found = messages.find(({ app_id, metadata }) => app_id === appId && metadata?.event_payload?.delivery_id === key);
			if (found) return { state: "found", receipt: receiptOf({ channel: where.channel, ts: found.ts }) };
			cursor = response_metadata?.next_cursor;
			if (!has_more || !cursor) return { state: "absent" };
		}
		return { state: "unclear" };
	};

	const lookInThread = async (where: Required<Parameters<typeof look>[0]>, key: string, signal: AbortSignal): Promise<FindResult> => {
		try {
			return await look(where, key, signal);
		} catch (error) {
			if (error instanceof SlackRefusal && error.code === "thread_not_found") return { state: "absent" };
			throw error;
		}
	};

	/** The channel that a message is read in: with a person it has an id of its own. */
	const conversationOf = async ({ address }: OutboundMessage, signal: AbortSignal): Promise<string> => {
		if (personOf(address) === null) return address;
		const { result } = await call("conversations.open", { users: channelOf(address) }, signal);
		return Opened.parse(result).channel.id;
	};

	return {
		compose(message) {
			const channel = channelOf(message.address);
			const card = openCard(message);
			if (!card)
				throw new AdapterError("rejected", "Slack takes requests, replies and decisions, not events.", {
					remedy: "Subscribe a webhook to events instead.",
				});
			return JSON.stringify({
				channel,
				...contentOf(card),
				...threadOf(message),
				metadata: metadataOf(message),
				client_msg_id: message.key,
				unfurl_links: false,
				unfurl_media: false,
			});
		},

		async send(_message, payload, signal) {
			const { result, exchange, note } = await post(JSON.parse(payload), signal);
			return { receipt: receiptOf(Place.parse(result)), inbound: [], exchange, ...(note && { note }) };
		},

		async update(receipt, message, closing, signal) {
			const place = Place.safeParse(receipt.data);
			const card = closedCard(message, closing);
			if (!place.success || !card) return;
			await call("chat.update", { ...place.data, ...contentOf(card), metadata: metadataOf(message) }, signal);
		},

		async find(message, since, signal): Promise<FindResult> {
			const oldest = String(Math.floor((since.getTime() - clockSkewMs) / 1000));
			try {
				const { channel = await conversationOf(message, signal), thread_ts: ts } = threadOf(message);
				const inThread = ts ? await lookInThread({ channel, ts, oldest }, message.key, signal) : null;
				// What Slack took no reply to stands outside its thread.
				return inThread && inThread.state !== "absent" ? inThread : await look({ channel, oldest }, message.key, signal);
			} catch (error) {
				if (!(error instanceof SlackRefusal) || !unreadable.has(error.code)) throw error;
				// A question asked twice is a nuisance; one that nobody sees holds up a plan.
				return {
					state: "absent",
					note: `Sent without knowing whether an earlier attempt had arrived, so it may stand there twice. ${error.message}`,
				};
			}
		},

		async nameOf(author, signal) {
			if (!isMember(author)) return null;
			const { result } = await call("users.info", { user: author }, signal);
			const { profile, real_name, name } = Member.parse(result).user;
			return profile?.display_name || profile?.real_name || real_name || name || null;
		},

		async tell(ear, whisper, signal) {
			const command = CommandEar.safeParse(ear).data;
			if (command) return respond(config, context, command, whisper, signal);
			const { method, arguments: args } = whisperCall(ear, whisper);
			await call(method, args, signal);
		},

		listen: (listening, signal) =>
			listenToSlack({ requestLine, appId, context, handle: createHandle(call, config.settings, context, listening), listening, signal }),

		callNow: (immediate, signal) => callNow(call, immediate, signal),

		async check(addresses, signal) {
			const findings = await checkSlack(call, addresses, signal);
			return config.secrets.app_token === undefined ? findings : [...findings, ...(await checkAppToken(requestLine, signal))];
		},

		async close() {},
	};
};

const contentOf = ({ text, blocks }: Card) => ({ text, blocks });

const threadOf = ({ thread, address }: OutboundMessage): { channel?: string; thread_ts?: string } => {
	const place = Place.safeParse(thread?.data);
	if (!place.success) return {};
	const { channel, ts } = place.data;
	return channel === address || personOf(address) !== null ? { channel, thread_ts: ts } : {};
};
