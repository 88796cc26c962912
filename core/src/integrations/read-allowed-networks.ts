import { eq, projects } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

/** CIDR blocks of private addresses that the project's integrations may reach. Authorizes nothing: callers have. */
export const readAllowedNetworks = async (ctx: ProjectContext): Promise<string[]> => {
	const [project] = await ctx.db.select({ allowedNetworks: projects.allowedNetworks }).from(projects).where(eq(projects.id, ctx.projectId));
	return project?.allowedNetworks ?? [];
};
