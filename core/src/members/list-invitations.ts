import type { Invitation } from "@agentplanner/contracts";
import { and, desc, eq, invitations } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentInvitation } from "./present.ts";
import { isLiveInvitation } from "./queries.ts";

/** Invitations that can still be accepted, newest first. Throws ForbiddenError below admin. */
export const listInvitations = async (ctx: ProjectContext): Promise<{ items: Invitation[] }> => {
	await authorize(ctx, "members:write");
	const rows = await ctx.db
		.select()
		.from(invitations)
		.where(and(eq(invitations.projectId, ctx.projectId), isLiveInvitation))
		.orderBy(desc(invitations.id));
	return { items: rows.map(presentInvitation) };
};
