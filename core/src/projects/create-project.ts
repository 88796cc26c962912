import { type CreateProjectInput, defaultLadder, type Project } from "@agentplanner/contracts";
import { and, eq, projectMembers, projects, userSessions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { requireUser } from "../authorize.ts";
import { type Context, inTransaction } from "../context.ts";
import { emit } from "../emit.ts";
import { presentProject } from "./present.ts";

/** Makes a project that its creator owns and whose session now works in it. Throws UnauthorizedError without a user. */
export const createProject = async (ctx: Context, input: CreateProjectInput): Promise<Project> => {
	const actor = requireUser(ctx);
	return inTransaction(ctx, async (tx) => {
		const [project] = await tx.db.insert(projects).values({ name: input.name, ladder: defaultLadder }).returning();
		if (!project) throw new Error("The insert returned no project.");
		await tx.db.insert(projectMembers).values({ projectId: project.id, userId: actor.userId, role: "owner" });
		await tx.db
			.update(userSessions)
			.set({ activeProjectId: project.id })
			.where(and(eq(userSessions.id, actor.sessionId), eq(userSessions.userId, actor.userId)));
		const inside = { ...tx, projectId: project.id };
		emit(inside, { type: "project.created", subjectId: project.id, data: { name: project.name } });
		await audit(inside, { type: "project.created", subjectId: project.id, data: { owner_user_id: actor.userId } });
		return presentProject(project, "owner", actor);
	});
};
