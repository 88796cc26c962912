import type { Project } from "@agentplanner/contracts";
import { asc, eq, projectMembers, projects } from "@agentplanner/db";
import { requireUser } from "../authorize.ts";
import type { Context } from "../context.ts";
import { presentProject } from "./present.ts";

/** The user's projects by name, each with their role in it. Throws UnauthorizedError without a user. */
export const listProjects = async (ctx: Context): Promise<{ items: Project[] }> => {
	const { userId } = requireUser(ctx);
	const rows = await ctx.db
		.select({ project: projects, role: projectMembers.role })
		.from(projectMembers)
		.innerJoin(projects, eq(projects.id, projectMembers.projectId))
		.where(eq(projectMembers.userId, userId))
		.orderBy(asc(projects.name), asc(projects.id));
	return { items: rows.map(({ project, role }) => presentProject(project, role, ctx.actor)) };
};
