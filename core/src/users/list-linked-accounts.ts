import type { LinkedAccount } from "@agentplanner/contracts";
import { asc, eq, linkedAccounts, users } from "@agentplanner/db";
import { requireUser } from "../authorize.ts";
import type { Context } from "../context.ts";
import { presentLinkedAccount } from "./present.ts";

/** Who the actor is elsewhere, and whether they also have a password. */
export const listLinkedAccounts = async (ctx: Context): Promise<{ items: LinkedAccount[]; has_password: boolean }> => {
	const { userId } = requireUser(ctx);
	const [user] = await ctx.db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, userId));
	const rows = await ctx.db.select().from(linkedAccounts).where(eq(linkedAccounts.userId, userId)).orderBy(asc(linkedAccounts.id));
	return { items: rows.map(presentLinkedAccount), has_password: typeof user?.passwordHash === "string" };
};
