import { Routes } from "discord.js";
import type { z } from "zod";
import type { CallDiscord } from "./client.ts";

const pageSize = 100;
/** Where so much was said, looking on costs more than it brings. */
const mostPages = 10;

const later = (left: string, right: string): string => (BigInt(left) > BigInt(right) ? left : right);

/** A channel's messages from an id on, page by page; the last one where there are no more, none where there would be too many. */
export async function* messagesAfter<Page extends z.ZodType<{ id: string }[]>>(
	call: CallDiscord,
	{ channel, after, answer }: { channel: string; after: string; answer: Page },
	signal: AbortSignal,
): AsyncGenerator<{ messages: z.infer<Page>; isLast: boolean }> {
	const route = Routes.channelMessages(channel);
	let start = after;
	for (let page = 0; page < mostPages; page += 1) {
		const query = { after: start, limit: String(pageSize) };
		const { result } = await call({ method: "GET", route, query, answer, what: "to show the channel's messages" }, signal);
		yield { messages: result, isLast: result.length < pageSize };
		if (result.length < pageSize) return;
		start = result.map(({ id }) => id).reduce(later);
	}
}
