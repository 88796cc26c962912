import type { Integration } from "@agentplanner/contracts";
import { asc, eq, messagingIntegrations } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentIntegration } from "./present.ts";

/** The project's channels by name; of secrets only their names. */
export const listIntegrations = async (ctx: ProjectContext): Promise<{ items: Integration[] }> => {
	await authorize(ctx, "integrations:read");
	const rows = await ctx.db
		.select()
		.from(messagingIntegrations)
		.where(eq(messagingIntegrations.projectId, ctx.projectId))
		.orderBy(asc(messagingIntegrations.name));
	return { items: rows.map(presentIntegration) };
};
