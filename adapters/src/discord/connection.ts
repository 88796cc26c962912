import {
	type AdapterContext,
	AdapterError,
	type Config,
	type Connection,
	type OutboundMessage,
	personAddress,
	personOf,
	type Receipt,
} from "@agentplanner/contracts";
import { type RESTPostAPIChannelMessageJSONBody, Routes } from "discord.js";
import { z } from "zod";
import { type Card, closedCard, openCard } from "./card.ts";
import { checkDiscord } from "./check.ts";
import { createDiscordCaller } from "./client.ts";
import type { DiscordSecrets, DiscordSettings } from "./config.ts";
import { conversationOf } from "./conversation.ts";
import { findMessage } from "./find.ts";
import { firstAccepted } from "./first-accepted.ts";
import { listenDiscord } from "./listen.ts";
import { Place, receiptOf } from "./place.ts";
import { whisperCard } from "./whisper.ts";

const Posted = z.object({ id: z.string(), channel_id: z.string() });
/**
 * Of a press or command, whose token is good for a quarter of an hour; or a person, who then hears it in a conversation with the bot.
 * `deferred`: whoever wrote it is shown that we are thinking, until that is rewritten.
 */
const Ear = z.union([
	z.object({ application_id: z.string(), token: z.string(), deferred: z.boolean().default(false) }),
	z.object({ person: z.string() }),
]);

/** Nobody is pinged, whatever a text says. */
const silently = { allowed_mentions: { parse: [] } } satisfies RESTPostAPIChannelMessageJSONBody;
/** Seen by the one person alone. */
const ephemeral = 64;

/** 22 characters for the 36 of the delivery's id, of 25 allowed: by it Discord drops a second copy for some minutes. */
const nonceOf = ({ key }: OutboundMessage): string => Buffer.from(key.replaceAll("-", ""), "hex").toString("base64url");

/** What it belongs to is quoted above it, if it stands in the same channel still. */
const referenceOf = ({ thread, address }: OutboundMessage) => {
	const place = Place.safeParse(thread?.data);
	if (!place.success || (place.data.channel !== address && personOf(address) === null)) return {};
	return { message_reference: { message_id: place.data.message, fail_if_not_exists: false } };
};

export const openDiscord = (config: Config<DiscordSettings, DiscordSecrets>, context: AdapterContext): Connection => {
	const call = createDiscordCaller(config, context);

	/** The call by which one person is told something. */
	const mouthFor = async (ear: z.infer<typeof Ear>, signal: AbortSignal) => {
		if ("person" in ear) {
			const channel = await conversationOf(call, personAddress(ear.person), signal);
			return { method: "POST", route: Routes.channelMessages(channel), body: {} } as const;
		}
		const { application_id, token, deferred } = ear;
		if (deferred) return { method: "PATCH", route: Routes.webhookMessage(application_id, token), token, body: {} } as const;
		return { method: "POST", route: Routes.webhook(application_id, token), token, body: { flags: ephemeral } } as const;
	};

	return {
		compose(message) {
			const card = openCard(message);
			if (!card)
				throw new AdapterError("rejected", "Discord takes requests, replies, decisions and texts, not events.", {
					remedy: "Subscribe a webhook to events instead.",
				});
			return JSON.stringify({
				...card,
				...silently,
				...referenceOf(message),
				nonce: nonceOf(message),
				enforce_nonce: true,
			} satisfies RESTPostAPIChannelMessageJSONBody);
		},

		async send(message, payload, signal) {
			const body: Card = JSON.parse(payload);
			const channel = await conversationOf(call, message.address, signal);
			const posting = { method: "POST", route: Routes.channelMessages(channel), answer: Posted, what: "the message" } as const;
			const { accepted, note } = await firstAccepted(body, context.log, (version) =>
				call({ ...posting, body: { ...body, ...version } }, signal),
			);
			return { receipt: receiptOf(accepted.result), inbound: [], exchange: accepted.exchange, ...(note !== null && { note }) };
		},

		async update(receipt: Receipt, message, closing, signal) {
			const place = Place.safeParse(receipt.data);
			const card = closedCard(message, closing);
			if (!place.success || !card) return;
			const route = Routes.channelMessage(place.data.channel, place.data.message);
			const what = "to rewrite the message";
			await firstAccepted(card, context.log, (version) =>
				call({ method: "PATCH", route, body: { ...version, ...silently }, answer: Posted, what }, signal),
			);
		},

		find: (message, since, signal) => findMessage(call, message, since, signal),

		async tell(ear, whisper, signal) {
			const { body, ...mouth } = await mouthFor(Ear.parse(ear), signal);
			const what = "a word to one person";
			await firstAccepted(whisperCard(whisper), context.log, (version) =>
				call({ ...mouth, body: { ...version, ...silently, ...body }, answer: z.unknown(), what }, signal),
			);
		},

		listen: (listening, signal) => listenDiscord(config, context, call, listening, signal),

		check: (addresses, signal) => checkDiscord(call, config, addresses, signal),

		async close() {},
	};
};
