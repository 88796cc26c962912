import type { Receipt } from "@agentplanner/contracts";
import { z } from "zod";

/** Where a message of ours stands. */
export const Place = z.object({ channel: z.string(), message: z.string() });

/** A message's id is unique in all of Discord, and is that of the thread that people open on it. */
export const receiptOf = ({ id, channel_id }: { id: string; channel_id: string }): Receipt => ({
	platformId: id,
	data: { channel: channel_id, message: id },
});
