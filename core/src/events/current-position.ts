import { events, sql } from "@agentplanner/db";
import type { Context } from "../context.ts";

/** The last position given out in the installation; 0 before the first event. */
export const currentPosition = async (ctx: Context): Promise<number> => {
	const [row] = await ctx.db.select({ position: sql<number>`coalesce(max(${events.position}), 0)`.mapWith(Number) }).from(events);
	return row?.position ?? 0;
};
