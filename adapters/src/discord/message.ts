import { z } from "zod";
import { allowedBots, type DiscordSettings } from "./config.ts";
import { readText } from "./read-text.ts";

const User = z.object({ id: z.string(), username: z.string(), global_name: z.string().nullish(), bot: z.boolean().optional() });

/** https://docs.discord.com/developers/resources/message#message-object */
export const Message = z.object({
	id: z.string(),
	channel_id: z.string(),
	guild_id: z.string().optional(),
	type: z.int(),
	content: z.string().default(""),
	author: User,
	webhook_id: z.string().optional(),
	member: z.object({ nick: z.string().nullish() }).optional(),
	mentions: z.array(User).default([]),
	attachments: z.array(z.object({ filename: z.string() })).default([]),
	referenced_message: z.object({ id: z.string(), author: z.object({ id: z.string() }) }).nullish(),
});
export type Message = z.infer<typeof Message>;

/** The kinds of message that are words of somebody: a plain one, and one that replies to another. */
const spoken = new Set([0, 19]);

/** Whether its author may answer: people always, bots if the settings say so, we ourselves never. */
export const counts = ({ type, author, webhook_id }: Message, settings: DiscordSettings, botId: string): boolean => {
	if (!spoken.has(type) || author.id === botId) return false;
	const isProgram = author.bot === true || webhook_id !== undefined;
	return !isProgram || allowedBots(settings).includes(author.id);
};

export const nameOfAuthor = ({ author, member }: Message): string => member?.nick || author.global_name || author.username;

/** Files stay in Discord, where their own addresses expire within a day; the answer links to the message they are in. */
export const wordsOf = (message: Message, botId: string): string => {
	const { guild_id = "@me", channel_id, id, attachments } = message;
	const files = attachments.map(({ filename }) => `[${filename}](https://discord.com/channels/${guild_id}/${channel_id}/${id})`);
	return [readText(message.content, message.mentions, botId), ...files].filter((part) => part.trim() !== "").join("\n\n");
};
