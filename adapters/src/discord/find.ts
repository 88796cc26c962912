import type { FindResult, OutboundMessage } from "@agentplanner/contracts";
import { Routes } from "discord.js";
import { z } from "zod";
import { isFooterOf } from "./card.ts";
import { snowflakeAt } from "./channel.ts";
import type { CallDiscord } from "./client.ts";
import { conversationOf } from "./conversation.ts";
import { receiptOf } from "./place.ts";

const Me = z.object({ id: z.string() });
const Page = z.array(
	z.object({
		id: z.string(),
		channel_id: z.string(),
		author: z.object({ id: z.string() }),
		embeds: z.array(z.object({ footer: z.object({ text: z.string() }).optional() })),
	}),
);

const pageSize = 100;
/** Where so much was said since, looking on costs more than asking a person. */
const mostPages = 10;
/** Discord's clock and ours may differ by this much. */
const clockSkewMs = 60_000;

const later = (left: string, right: string): string => (BigInt(left) > BigInt(right) ? left : right);

/** Looks through the channel, from the moment of the attempt on, for what the bot itself has posted of this delivery. */
export const findMessage = async (call: CallDiscord, message: OutboundMessage, since: Date, signal: AbortSignal): Promise<FindResult> => {
	const { result: me } = await call({ method: "GET", route: Routes.user(), answer: Me, what: "to say who the bot is" }, signal);
	const channel = await conversationOf(call, message.address, signal);
	let after = snowflakeAt(new Date(since.getTime() - clockSkewMs));
	for (let page = 0; page < mostPages; page += 1) {
		const route = Routes.channelMessages(channel);
		const query = { after, limit: String(pageSize) };
		const { result } = await call({ method: "GET", route, query, answer: Page, what: "to show the channel's messages" }, signal);
		const isOurs = ({ author, embeds }: z.infer<typeof Page>[number]) =>
			author.id === me.id && embeds.some(({ footer }) => footer && isFooterOf(message, footer.text));
		const found = result.find(isOurs);
		if (found) return { state: "found", receipt: receiptOf(found) };
		if (result.length < pageSize) return { state: "absent" };
		after = result.map(({ id }) => id).reduce(later);
	}
	return { state: "unclear" };
};
