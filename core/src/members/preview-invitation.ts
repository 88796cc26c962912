import type { InvitationPreview } from "@agentplanner/contracts";
import { eq, invitations, plans, projects, sql, users } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { presentInvitedPlan } from "./present.ts";
import { findUserByEmail, isLiveInvitation } from "./queries.ts";
import { invitationTokens } from "./redeem-invitation.ts";

/** What the holder of an invitation's token is invited to; of one that is good no more the state alone. Throws DomainError `not_found` for a token that we didn't make. */
export const previewInvitation = async (ctx: Context, { token }: { token: string }): Promise<InvitationPreview> => {
	// no authorize: the token is the right to see it
	const id = invitationTokens.read(ctx.keys, token);
	const [found] = id
		? await ctx.db
				.select({
					invitation: invitations,
					project: { id: projects.id, name: projects.name },
					planTitle: plans.title,
					invitedBy: users.name,
					live: sql<boolean>`${isLiveInvitation}`,
				})
				.from(invitations)
				.innerJoin(projects, eq(projects.id, invitations.projectId))
				.leftJoin(plans, eq(plans.id, invitations.planId))
				.leftJoin(users, eq(users.id, invitations.invitedByUserId))
				.where(eq(invitations.id, id))
		: [];
	if (!found) throw new DomainError("not_found", "This link is not a whole invitation link. Copy all of it from the message it came in.");
	const { invitation, project, planTitle, invitedBy, live } = found;
	if (!live) return { state: invitation.acceptedAt ? "accepted" : invitation.revokedAt ? "revoked" : "expired" };
	return {
		state: "open",
		project,
		role: invitation.role,
		plan: presentInvitedPlan(invitation, planTitle),
		email: invitation.email,
		has_account: (await findUserByEmail(ctx.db, invitation.email)) !== null,
		invited_by: invitedBy,
		expires_at: invitation.expiresAt.toISOString(),
	};
};
