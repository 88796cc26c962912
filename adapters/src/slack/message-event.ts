import type { ThreadReply } from "@agentplanner/contracts";
import { z } from "zod";
import { allowedBots, type SlackSettings } from "./config.ts";
import { earOf } from "./ear.ts";
import { readText } from "./read-text.ts";

/** https://docs.slack.dev/reference/events/message */
export const MessageEvent = z.object({
	channel: z.string(),
	ts: z.string(),
	thread_ts: z.string().optional(),
	subtype: z.string().optional(),
	hidden: z.boolean().optional(),
	user: z.string().optional(),
	text: z.string().default(""),
	app_id: z.string().optional(),
	bot_id: z.string().optional(),
	bot_profile: z.object({ app_id: z.string(), name: z.string() }).partial().optional(),
	user_profile: z.object({ display_name: z.string(), real_name: z.string() }).partial().optional(),
	files: z.array(z.object({ name: z.string(), permalink: z.string() }).partial()).default([]),
});
type MessageEvent = z.infer<typeof MessageEvent>;

/** The kinds of message that are words of somebody, and not about some. */
const spoken = new Set([undefined, "file_share", "thread_broadcast", "bot_message"]);

/** What somebody wrote in a thread, as a possible answer; empty for chatter outside threads, our own words, edits, and bots that don't count. */
export const answerOf = (message: MessageEvent, team: string, settings: SlackSettings, ownUsers: readonly string[]): ThreadReply[] => {
	const { channel, ts, thread_ts, user } = message;
	if (!spoken.has(message.subtype) || message.hidden || thread_ts === undefined || thread_ts === ts) return [];
	const appId = message.app_id ?? message.bot_profile?.app_id;
	if (appId === settings.app_id || (user !== undefined && ownUsers.includes(user))) return [];
	const isBot = appId !== undefined || message.bot_id !== undefined || message.subtype === "bot_message";
	if (isBot && !(appId !== undefined && allowedBots(settings).includes(appId))) return [];
	const text = wordsOf(message);
	if (text === "") return [];
	const author = message.bot_profile?.name ?? (message.user_profile?.display_name || message.user_profile?.real_name) ?? user ?? null;
	const ear = user === undefined || isBot ? undefined : earOf(channel, user, thread_ts);
	return [
		{
			...{ type: "thread_reply", externalId: `${team}:${channel}:${ts}`, platformId: `${channel}:${thread_ts}`, address: channel },
			...{ text, author, ...(ear && { ear }) },
		},
	];
};

/** Files stay in Slack; the answer links to them. */
const wordsOf = ({ text, files }: MessageEvent): string =>
	[readText(text), ...files.map(({ name, permalink }) => (permalink ? `[${name ?? "File"}](${permalink})` : (name ?? "")))]
		.filter((part) => part.trim() !== "")
		.join("\n\n");
