import { personOf } from "@agentplanner/contracts";
import { Routes } from "discord.js";
import { z } from "zod";
import { assertAddress } from "./channel.ts";
import type { CallDiscord } from "./client.ts";

const Opened = z.object({ id: z.string() });

/** The channel that a message to this address stands in: with a person it has an id of its own, the same each time. */
export const conversationOf = async (call: CallDiscord, address: string, signal: AbortSignal): Promise<string> => {
	assertAddress(address);
	const person = personOf(address);
	if (person === null) return address;
	const what = "to open a conversation with this person";
	const body = { recipient_id: person };
	const { result } = await call({ method: "POST", route: Routes.userChannels(), body, answer: Opened, what }, signal);
	return result.id;
};
