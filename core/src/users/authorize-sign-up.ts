import type { AuthMethods } from "@agentplanner/contracts";
import { sql, users } from "@agentplanner/db";
import type { Context, Tx } from "../context.ts";
import { ForbiddenError } from "../errors.ts";

/** Held while the first account is made, so that two at once don't both find an empty installation. */
const firstAccountLock = 5_170_319;

export type SignUp = { signup: "open" | "invitation" };

export const lockSignUp = async (tx: Tx): Promise<void> => {
	await tx.db.execute(sql`select pg_advisory_xact_lock(${firstAccountLock})`);
};

/** Who may make an account now. */
export const readSignUp = async (ctx: Context, { signup }: SignUp): Promise<AuthMethods["sign_up"]> => {
	if (signup === "open") return "open";
	const [someone] = await ctx.db.select({ id: users.id }).from(users).limit(1);
	return someone ? "invitation" : "first_account";
};

/** Passes, or throws ForbiddenError where an invitation is needed and there is none. */
export const authorizeSignUp = async (ctx: Context, options: SignUp, isInvited: boolean): Promise<void> => {
	if (isInvited || (await readSignUp(ctx, options)) !== "invitation") return;
	throw new ForbiddenError(
		"Accounts are made by invitation here. Ask an owner or admin of a project to invite you, or whoever runs this installation to set SIGNUP=open.",
	);
};
