import type { Project } from "@agentplanner/contracts";
import { and, eq, isNull, userSessions } from "@agentplanner/db";
import { authorize, requireUser } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { UnauthorizedError } from "../errors.ts";
import { loadProject } from "./queries.ts";

/**
 * Remembers that the session works in this project. Throws NotFoundError for whoever is no member, UnauthorizedError when the
 * session has ended.
 */
export const selectProject = async (ctx: ProjectContext): Promise<Project> => {
	const actor = requireUser(ctx);
	await authorize(ctx, "project:read");
	// no event: it says what one browser opens next, not what happened in the project
	return inTransaction(ctx, async (tx) => {
		const project = await loadProject(tx);
		const [session] = await tx.db
			.update(userSessions)
			.set({ activeProjectId: project.id })
			.where(and(eq(userSessions.id, actor.sessionId), eq(userSessions.userId, actor.userId), isNull(userSessions.revokedAt)))
			.returning({ id: userSessions.id });
		if (!session) throw new UnauthorizedError("This session has ended. Sign in again.");
		return project;
	});
};
