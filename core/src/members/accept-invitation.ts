import type { Project } from "@agentplanner/contracts";
import { eq, users } from "@agentplanner/db";
import { requireUser } from "../authorize.ts";
import { type Context, inTransaction } from "../context.ts";
import { UnauthorizedError } from "../errors.ts";
import { getProject } from "../projects/get-project.ts";
import { readInvitation, redeemInvitation } from "./redeem-invitation.ts";

/** Joins the project that one's own address was invited to. Throws ForbiddenError for a token that is not or no longer good. */
export const acceptInvitation = async (ctx: Context, { token }: { token: string }): Promise<Project> => {
	const actor = requireUser(ctx);
	return inTransaction(ctx, async (tx) => {
		const [user] = await tx.db.select().from(users).where(eq(users.id, actor.userId));
		if (!user) throw new UnauthorizedError("This account is gone.");
		const projectId = await redeemInvitation({ ...tx, actor }, await readInvitation(tx, token, user.email), user.id);
		return getProject({ ...tx, projectId });
	});
};
