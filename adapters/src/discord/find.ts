import type { FindResult, OutboundMessage } from "@agentplanner/contracts";
import { Routes } from "discord.js";
import { z } from "zod";
import { isFooterOf } from "./card.ts";
import { snowflakeAt } from "./channel.ts";
import type { CallDiscord } from "./client.ts";
import { conversationOf } from "./conversation.ts";
import { messagesAfter } from "./messages-after.ts";
import { receiptOf } from "./place.ts";

const Me = z.object({ id: z.string() });
const Message = z.object({
	id: z.string(),
	channel_id: z.string(),
	author: z.object({ id: z.string() }),
	content: z.string(),
	embeds: z.array(z.object({ footer: z.object({ text: z.string() }).optional() })),
});

/** Discord's clock and ours may differ by this much. */
const clockSkewMs = 60_000;

/** Looks through the channel, from the moment of the attempt on, for what the bot itself has posted of this delivery. */
export const findMessage = async (call: CallDiscord, message: OutboundMessage, since: Date, signal: AbortSignal): Promise<FindResult> => {
	const { result: me } = await call({ method: "GET", route: Routes.user(), answer: Me, what: "to say who the bot is" }, signal);
	const channel = await conversationOf(call, message.address, signal);
	// Plain text, where Discord refused the layout, ends with it as well.
	const isOurs = ({ author, content, embeds }: z.infer<typeof Message>) =>
		author.id === me.id && [content, ...embeds.map(({ footer }) => footer?.text ?? "")].some((text) => isFooterOf(message, text));
	const after = snowflakeAt(new Date(since.getTime() - clockSkewMs));
	for await (const { messages, isLast } of messagesAfter(call, { channel, after, answer: z.array(Message) }, signal)) {
		const found = messages.find(isOurs);
		if (found) return { state: "found", receipt: receiptOf(found) };
		if (isLast) return { state: "absent" };
	}
	return { state: "unclear" };
};
