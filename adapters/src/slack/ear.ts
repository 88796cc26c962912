import type { Ear, Whisper } from "@agentplanner/contracts";
import { z } from "zod";
import { whisperCard } from "./whisper.ts";

/** Whoever pressed or wrote, and where: there alone can something be said that only this person sees. */
export const SlackEar = z.object({ channel: z.string(), user: z.string(), thread_ts: z.string().optional() });
export type SlackEar = z.infer<typeof SlackEar>;

export const earOf = (channel: string, user: string, threadTs: string | undefined): SlackEar => ({
	channel,
	user,
	...(threadTs !== undefined && { thread_ts: threadTs }),
});

/**
 * The call by which it is said. Not the interaction's response_url, which is good for half an hour, comes with no thread reply, and would be
 * an address to trust. https://docs.slack.dev/reference/methods/chat.postEphemeral
 */
export const whisperCall = (ear: SlackEar | Ear, whisper: Whisper) => ({
	method: "chat.postEphemeral",
	arguments: { ...SlackEar.parse(ear), ...whisperCard(whisper) },
});
