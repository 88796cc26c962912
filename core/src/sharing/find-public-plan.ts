import { and, eq, isNull, plans } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { publicKeys } from "./public-link.ts";

/** The plan that a public link shows; null for one that shows none (any more). */
export const findPublicPlan = async (ctx: Context, key: string): Promise<typeof plans.$inferSelect | null> => {
	// no authorize: the key is the right to see it
	const linkId = publicKeys.read(ctx.keys, key);
	if (!linkId) return null;
	const [plan] = await ctx.db
		.select()
		.from(plans)
		.where(and(eq(plans.publicLinkId, linkId), isNull(plans.deletedAt)));
	return plan ?? null;
};
