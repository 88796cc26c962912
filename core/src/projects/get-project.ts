import type { Project } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { loadProject } from "./queries.ts";

/** The project with the user's role in it. Throws NotFoundError for whoever is no member. */
export const getProject = async (ctx: ProjectContext): Promise<Project> => {
	await authorize(ctx, "project:read");
	return loadProject(ctx);
};
