import { type AdapterContext, AdapterError, type Listening, type ThreadReply } from "@agentplanner/contracts";
import { Routes } from "discord.js";
import { z } from "zod";
import { threadTypes } from "./channel.ts";
import type { CallDiscord } from "./client.ts";
import type { DiscordSettings } from "./config.ts";
import { type InteractionRead, readInteraction } from "./interaction.ts";
import { counts, Message, nameOfAuthor, wordsOf } from "./message.ts";

const Channel = z.object({ type: z.int(), parent_id: z.string().nullish() });
const mostRemembered = 5_000;

const Token = z.object({ id: z.string(), token: z.string() });

type Ears = {
	settings: DiscordSettings;
	call: CallDiscord;
	log: AdapterContext["log"];
	receive: Listening["receive"];
};

const refusal = (message: string) => new AdapterError("rejected", message, { remedy: "Nothing to do." });

type Press = z.infer<typeof Token> & InteractionRead;

/** Null for what nobody can read: told again, it would be as unreadable, and hold up everything behind it. */
const readPress = (data: unknown, settings: DiscordSettings, log: AdapterContext["log"]): Press | null => {
	try {
		return { ...Token.parse(data), ...readInteraction(data, settings.application_id, refusal) };
	} catch (error) {
		log.warn({ detail: error instanceof AdapterError ? error.message : "no id or token" }, "a press that can't be read was left out");
		return null;
	}
};

/** What people say and press, from the gateway's events; each is stored before it counts as heard. */
export const createEars = ({ settings, call, log, receive }: Ears) => {
	/** The channel that each thread is in; null for what is no thread. */
	const parents = new Map<string, string | null>();

	const parentOf = async (channel: string, signal: AbortSignal): Promise<string | null> => {
		const known = parents.get(channel);
		if (known !== undefined) return known;
		const what = "to show the channel";
		const { result } = await call({ method: "GET", route: Routes.channel(channel), answer: Channel, what }, signal);
		const parent = threadTypes.has(result.type) ? (result.parent_id ?? null) : null;
		if (parents.size >= mostRemembered) parents.clear();
		parents.set(channel, parent);
		return parent;
	};

	/** The message that this one answers: the one of ours it replies to, else the one that its thread was opened on, whose id is the thread's. */
	const answeredBy = async (
		message: Message,
		botId: string,
		signal: AbortSignal,
	): Promise<Pick<ThreadReply, "platformId" | "address"> | null> => {
		const { channel_id, referenced_message: referenced } = message;
		if (referenced?.author.id === botId) return { platformId: referenced.id, address: channel_id };
		try {
			const parent = await parentOf(channel_id, signal);
			return parent === null ? null : { platformId: channel_id, address: parent };
		} catch (error) {
			// A channel that the bot is told of, but can't look at, holds no question of ours.
			if (error instanceof AdapterError && error.kind === "rejected") return null;
			throw error;
		}
	};

	const answer = async ({ id, token, reply }: Press, signal: AbortSignal): Promise<void> => {
		const route = Routes.interactionCallback(id, token);
		try {
			await call({ method: "POST", route, body: reply, token, answer: z.unknown(), what: "the answer to a press" }, signal);
		} catch (error) {
			if (!(error instanceof AdapterError)) throw error;
			log.warn({ interactionId: id, detail: error.message }, "somebody who pressed a button was not answered");
		}
	};

	return {
		/** True: there was something in it that was stored. */
		async message(data: unknown, botId: string, signal: AbortSignal): Promise<boolean> {
			const parsed = Message.safeParse(data);
			if (!parsed.success || !counts(parsed.data, settings, botId)) return false;
			const message = parsed.data;
			const text = wordsOf(message, botId);
			if (text === "") {
				if (message.referenced_message?.author.id === botId)
					log.warn({ channel: message.channel_id, messageId: message.id }, "a reply came without its text, since it doesn't ping the bot");
				return false;
			}
			const answered = await answeredBy(message, botId, signal);
			if (!answered) return false;
			const isPerson = message.author.bot !== true && message.webhook_id === undefined;
			await receive([
				{
					...{ type: "thread_reply", externalId: `message:${message.id}`, ...answered, text, author: nameOfAuthor(message) },
					...(isPerson && { ear: { person: message.author.id } }),
				},
			]);
			return true;
		},

		/** Where no Interactions Endpoint URL is set, presses and commands come this way. Discord is answered once a press is stored. */
		async press(data: unknown, signal: AbortSignal): Promise<boolean> {
			const pressed = readPress(data, settings, log);
			if (!pressed) return false;
			const { inbound } = pressed;
			// What a command's author is told rewrites this answer, so that it comes first. A command that isn't stored then is told of again.
			const isAnsweredFirst = inbound.some(({ type }) => type === "command");
			if (isAnsweredFirst) await answer(pressed, signal);
			if (inbound.length > 0) await receive(inbound);
			if (!isAnsweredFirst) await answer(pressed, signal);
			return inbound.length > 0;
		},
	};
};
