import type { PlanRole, Role } from "@agentplanner/contracts";
import { auditLogs, type Database, eq } from "@agentplanner/db";
import { type ProjectContext, userIdOf } from "../context.ts";
import { createPlan } from "../plans/create-plan.ts";
import { buildContext, buildMember, buildProject, buildUser } from "../testing.ts";
import { addCollaborator } from "./add-collaborator.ts";

/** For tests: a private plan with its owner, and members to be of any role. */
export const buildScene = async (db: Database) => {
	const owner = await buildProject(db);
	const plan = await createPlan(owner, { title: "Launch", description: "In spring", visibility: "private" });
	return { owner, plan, member: (role: Role) => buildMember(db, owner.projectId, role) };
};

/** For tests: somebody with an account and nothing else. */
export const buildStranger = async (db: Database, { projectId }: ProjectContext) => {
	const user = await buildUser(db, "Grace");
	const actor = { type: "user" as const, userId: user.id, sessionId: crypto.randomUUID(), name: user.name };
	return { user, ctx: { ...buildContext(db, actor), projectId } };
};

export const idOf = (ctx: ProjectContext) => userIdOf(ctx.actor) ?? "";

/** For tests: somebody with whom the plan is shared. */
export const share = async (db: Database, owner: ProjectContext, planId: string, role: PlanRole = "viewer") => {
	const { user, ctx } = await buildStranger(db, owner);
	await addCollaborator(owner, planId, { email: user.email, role });
	return { user, ctx };
};

/** For tests: what the audit log says was done to a plan. */
export const acts = async ({ db }: ProjectContext, planId: string) =>
	(await db.select().from(auditLogs).where(eq(auditLogs.subjectId, planId)).orderBy(auditLogs.id)).map(({ type }) => type);
