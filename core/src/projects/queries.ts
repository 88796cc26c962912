import type { Project } from "@agentplanner/contracts";
import { and, eq, projectMembers, projects } from "@agentplanner/db";
import { requireUser } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { presentProject } from "./present.ts";

/** The project with the reader's role in it; throws NotFoundError for whoever is no member. */
export const loadProject = async (ctx: ProjectContext): Promise<Project> => {
	const { actor } = ctx;
	const userId = (actor.type === "token" ? actor.userId : null) ?? requireUser(ctx).userId;
	const [found] = await ctx.db
		.select({ project: projects, role: projectMembers.role })
		.from(projects)
		.innerJoin(projectMembers, and(eq(projectMembers.projectId, projects.id), eq(projectMembers.userId, userId)))
		.where(eq(projects.id, ctx.projectId));
	if (!found) throw new NotFoundError("project");
	return presentProject(found.project, found.role, actor);
};
