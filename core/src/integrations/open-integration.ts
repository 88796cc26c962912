import { Id } from "@agentplanner/contracts";
import { and, eq, messagingIntegrations, projects, type SQL } from "@agentplanner/db";
import type { Context, ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";

/** What its adapter is called with, the secrets in the clear. */
export type UnsealedIntegration = {
	id: string;
	adapter: string;
	settings: Record<string, unknown>;
	secrets: Record<string, string>;
	/** CIDR blocks of private addresses that it may reach. */
	allowedNetworks: string[];
};

export type SealedIntegration = Omit<UnsealedIntegration, "secrets"> & { credentials: Buffer };

export type OpenedIntegration = UnsealedIntegration & { projectId: string; name: string; enabled: boolean; heldUntil: Date | null };

/** Throws where they were sealed with another key. */
export const unsealIntegration = <Sealed extends SealedIntegration>(
	{ keys }: Pick<Context, "keys">,
	{ credentials, ...integration }: Sealed,
) => ({ ...integration, secrets: JSON.parse(keys.open(credentials, integration.id)) as Record<string, string> });

/**
 * The integration with its secrets in the clear, for calling its adapter. Authorizes nothing: callers are the system, an
 * adapter, or a verb that has. Throws NotFoundError.
 */
export const openIntegration = (ctx: ProjectContext, integrationId: string): Promise<OpenedIntegration> =>
	open(ctx, and(eq(messagingIntegrations.projectId, ctx.projectId), eq(messagingIntegrations.id, integrationId)));

/** The same by id alone, for ingress, which learns the project from it; the id comes from outside and may be any text. */
export const findIntegration = async (ctx: Context, integrationId: string): Promise<OpenedIntegration> => {
	if (!Id.safeParse(integrationId).success) throw new NotFoundError("integration");
	return open(ctx, eq(messagingIntegrations.id, integrationId));
};

const open = async (ctx: Context, where: SQL | undefined): Promise<OpenedIntegration> => {
	const [found] = await ctx.db
		.select({
			id: messagingIntegrations.id,
			projectId: messagingIntegrations.projectId,
			adapter: messagingIntegrations.adapter,
			name: messagingIntegrations.name,
			settings: messagingIntegrations.settings,
			credentials: messagingIntegrations.credentials,
			enabled: messagingIntegrations.enabled,
			heldUntil: messagingIntegrations.heldUntil,
			allowedNetworks: projects.allowedNetworks,
		})
		.from(messagingIntegrations)
		.innerJoin(projects, eq(projects.id, messagingIntegrations.projectId))
		.where(where);
	if (!found) throw new NotFoundError("integration");
	return unsealIntegration(ctx, found);
};
