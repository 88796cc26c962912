import { AdapterError, type AdapterLog } from "@agentplanner/contracts";
import { z } from "zod";
import { snowflakeAt } from "./channel.ts";
import type { CallDiscord } from "./client.ts";
import { messagesAfter } from "./messages-after.ts";

const Place = z.object({ id: z.string(), last_message_id: z.string().nullish() });
const Guild = z.object({ id: z.string(), channels: z.array(Place).default([]), threads: z.array(Place).default([]) });
const Page = z.array(z.looseObject({ id: z.string() }));

/** A dead line is noticed late, and clocks differ. */
const marginMs = 300_000;

const byAge = (one: { id: string }, other: { id: string }): number => (BigInt(one.id) < BigInt(other.id) ? -1 : 1);

/**
 * What was written in a server's channels and open threads since a moment, oldest first in each; of channels with very much of it the
 * beginning. Said twice does no harm, since every message has its id.
 */
export const missedMessages = async (
	call: CallDiscord,
	guild: unknown,
	since: Date,
	log: AdapterLog,
	signal: AbortSignal,
): Promise<unknown[]> => {
	const server = Guild.safeParse(guild).data;
	if (!server) return [];
	const after = snowflakeAt(new Date(since.getTime() - marginMs));
	const missed: unknown[] = [];
	for (const { id: channel, last_message_id: newest } of [...server.channels, ...server.threads]) {
		if (!newest || BigInt(newest) <= BigInt(after)) continue;
		try {
			let isWhole = false;
			for await (const { messages, isLast } of messagesAfter(call, { channel, after, answer: Page }, signal)) {
				// Only the gateway names a message's server.
				missed.push(...messages.toSorted(byAge).map((message) => ({ ...message, guild_id: server.id })));
				isWhole = isLast;
			}
			if (!isWhole) log.warn({ channel }, "too much was written while nobody listened; the newest of it is not looked up");
		} catch (error) {
			// Channels that the bot can't look into hold no question of ours.
			if (!(error instanceof AdapterError) || error.kind !== "rejected") throw error;
		}
	}
	return missed;
};
