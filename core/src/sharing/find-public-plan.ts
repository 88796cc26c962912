import { and, eq, getTableColumns, isNull, plans, sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { publicKeys } from "./public-link.ts";

type ShownPlan = typeof plans.$inferSelect & { shownSince: Date };

/** The plan that a public link shows, and since when it shows what it does; null for one that shows none (any more). */
export const findPublicPlan = async (ctx: Context, key: string): Promise<ShownPlan | null> => {
	// no authorize: the key is the right to see it
	const linkId = publicKeys.read(ctx.keys, key);
	if (!linkId) return null;
	const [plan] = await ctx.db
		.select({ ...getTableColumns(plans), shownSince })
		.from(plans)
		.where(and(eq(plans.publicLinkId, linkId), isNull(plans.deletedAt)));
	return plan ?? null;
};

/** Of what is shown: what is said and asked in the plan is nobody's business here. What was deleted counts by the moment it went. */
const shownSince = sql<Date>`greatest(${plans.updatedAt}, (
	select max(node.updated_at) from plan_nodes node where node.plan_id = plans.id
))`.mapWith(plans.updatedAt);
