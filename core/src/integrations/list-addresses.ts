import { and, eq, routes } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

/** Checks don't walk through more channels than this. */
const mostAddresses = 50;

/** The addresses at an integration that routes of the project lead to, for its live check. Authorizes nothing, as openIntegration. */
export const listAddresses = async (ctx: ProjectContext, integrationId: string): Promise<string[]> => {
	const rows = await ctx.db
		.selectDistinct({ address: routes.address })
		.from(routes)
		.where(and(eq(routes.projectId, ctx.projectId), eq(routes.integrationId, integrationId)))
		.orderBy(routes.address)
		.limit(mostAddresses);
	return rows.map(({ address }) => address);
};
