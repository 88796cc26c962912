import { eq, projects } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { NotFoundError } from "../errors.ts";

/**
 * One change of a project's members at a time: what is read after it holds until the transaction ends, so that two owners can't
 * remove each other, and nobody acts in a role that was just taken away.
 */
export const lockMembers = async (tx: Tx<ProjectContext>): Promise<void> => {
	const [project] = await tx.db.select({ id: projects.id }).from(projects).where(eq(projects.id, tx.projectId)).for("no key update");
	if (!project) throw new NotFoundError("project");
};
