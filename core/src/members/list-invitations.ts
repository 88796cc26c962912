import type { Invitation } from "@agentplanner/contracts";
import { and, desc, eq, invitations, plans } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentInvitation } from "./present.ts";
import { isLiveInvitation } from "./queries.ts";

/** Invitations that can still be accepted, newest first. Throws ForbiddenError below admin. */
export const listInvitations = async (ctx: ProjectContext): Promise<{ items: Invitation[] }> => {
	await authorize(ctx, "members:write");
	return readInvitations(ctx, undefined);
};

/** The project's, or those to one of its plans. */
export const readInvitations = async (ctx: ProjectContext, planId: string | undefined): Promise<{ items: Invitation[] }> => {
	const rows = await ctx.db
		.select({ invitation: invitations, planTitle: plans.title })
		.from(invitations)
		.leftJoin(plans, eq(plans.id, invitations.planId))
		.where(
			and(eq(invitations.projectId, ctx.projectId), planId === undefined ? undefined : eq(invitations.planId, planId), isLiveInvitation),
		)
		.orderBy(desc(invitations.id));
	return { items: rows.map(({ invitation, planTitle }) => presentInvitation(invitation, planTitle)) };
};
