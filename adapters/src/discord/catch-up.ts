import { AdapterError } from "@agentplanner/contracts";
import { Routes } from "discord.js";
import { z } from "zod";
import { snowflakeAt } from "./channel.ts";
import type { CallDiscord } from "./client.ts";

const Place = z.object({ id: z.string(), last_message_id: z.string().nullish() });
const Guild = z.object({ channels: z.array(Place).default([]), threads: z.array(Place).default([]) });
const Page = z.array(z.looseObject({ id: z.string() }));

const pageSize = 100;
/** A dead line is noticed late, and clocks differ. */
const marginMs = 300_000;

const byAge = (one: { id: string }, other: { id: string }): number => (BigInt(one.id) < BigInt(other.id) ? -1 : 1);

/**
 * What was written in a server's channels and open threads since a moment, oldest first in each, at most 100 messages a channel. Said
 * twice does no harm, since every message has its id.
 */
export const missedMessages = async (call: CallDiscord, guild: unknown, since: Date, signal: AbortSignal): Promise<unknown[]> => {
	const after = snowflakeAt(new Date(since.getTime() - marginMs));
	const { channels, threads } = Guild.safeParse(guild).data ?? { channels: [], threads: [] };
	const missed: unknown[] = [];
	for (const { id, last_message_id: newest } of [...channels, ...threads]) {
		if (!newest || BigInt(newest) <= BigInt(after)) continue;
		const query = { after, limit: String(pageSize) };
		const what = "to show the channel's messages";
		try {
			const { result } = await call({ method: "GET", route: Routes.channelMessages(id), query, answer: Page, what }, signal);
			missed.push(...result.toSorted(byAge));
		} catch (error) {
			// Channels that the bot can't look into hold no question of ours.
			if (!(error instanceof AdapterError) || error.kind !== "rejected") throw error;
		}
	}
	return missed;
};
