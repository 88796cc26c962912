import type { AccountLink } from "@agentplanner/contracts";
import { and, eq, messagingIntegrations, projects } from "@agentplanner/db";
import { requireUser, roleOf } from "../authorize.ts";
import type { Context } from "../context.ts";
import { ForbiddenError, UnprocessableError } from "../errors.ts";
import { type ExternalPerson, findLinkedUser } from "./find-linked-user.ts";
import { readLinkToken } from "./link-token.ts";

/** Whom the link speaks of that a person got on a platform. Refuses as `linkPlatformAccount` does, and changes nothing. */
export const previewLink = async (ctx: Context, token: string): Promise<AccountLink> => (await openLink(ctx, token)).link;

/**
 * What a link says, for a member of its project: anybody else could be made to decide there without ever having heard of it. Throws
 * ForbiddenError for strangers, and UnprocessableError where the link or its integration is no good any more.
 */
export const openLink = async (ctx: Context, token: string): Promise<{ link: AccountLink; person: ExternalPerson }> => {
	const { userId } = requireUser(ctx);
	const { integrationId, externalAccount, externalUserId, name } = await readLinkToken(ctx, token);
	const [found] = await ctx.db
		.select({
			adapter: messagingIntegrations.adapter,
			integration: { id: messagingIntegrations.id, name: messagingIntegrations.name },
			project: { id: projects.id, name: projects.name },
		})
		.from(messagingIntegrations)
		.innerJoin(projects, eq(projects.id, messagingIntegrations.projectId))
		.where(and(eq(messagingIntegrations.id, integrationId), eq(messagingIntegrations.externalAccount, externalAccount)));
	if (!found)
		throw new UnprocessableError("The channel that this link came from is not connected any more. Decide in AgentPlanner instead.", [
			{ field: "body.token", message: "speaks of a channel that is gone" },
		]);
	if (!(await roleOf({ ...ctx, projectId: found.project.id }, userId)))
		throw new ForbiddenError(
			"You are no member of the project that this link came from. Sign in as somebody who is, or ask one of its owners or admins to add you.",
		);
	const person = { provider: found.adapter, externalAccount, externalUserId, name };
	const linked = await findLinkedUser(ctx, person);
	return { link: { ...found, name, linked: linked?.id === userId }, person };
};
