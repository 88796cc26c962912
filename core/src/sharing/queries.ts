import type { Collaborator, Role } from "@agentplanner/contracts";
import { roleMay } from "@agentplanner/contracts";
import { and, asc, eq, planCollaborators, plans, projectMembers, users } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { NotFoundError } from "../errors.ts";

type Reader = { planId: string; role: Role; userId?: string };

/** The plan's owner, then its collaborators by name; addresses are for whoever (`role`) may share it. */
export const readCollaborators = async (ctx: ProjectContext, { planId, role, userId }: Reader): Promise<Collaborator[]> => {
	const [owner, others] = await Promise.all([
		ctx.db
			.select({ userId: users.id, name: users.name, email: users.email, createdAt: plans.createdAt })
			.from(plans)
			.innerJoin(projectMembers, and(eq(projectMembers.projectId, plans.projectId), eq(projectMembers.userId, plans.ownerUserId)))
			.innerJoin(users, eq(users.id, plans.ownerUserId))
			.where(and(eq(plans.projectId, ctx.projectId), eq(plans.id, planId))),
		ctx.db
			.select({
				userId: users.id,
				name: users.name,
				email: users.email,
				createdAt: planCollaborators.createdAt,
				role: planCollaborators.role,
			})
			.from(planCollaborators)
			.innerJoin(users, eq(users.id, planCollaborators.userId))
			.where(and(eq(planCollaborators.projectId, ctx.projectId), eq(planCollaborators.planId, planId)))
			.orderBy(asc(users.name), asc(users.id)),
	]);
	return [...owner.map((row) => ({ ...row, role: "owner" as const })), ...others]
		.filter((row) => userId === undefined || row.userId === userId.toLowerCase())
		.map((row) => ({
			user_id: row.userId,
			name: row.name,
			email: roleMay(role, "plans:manage") ? row.email : null,
			role: row.role,
			created_at: row.createdAt.toISOString(),
		}));
};

/** One of the plan's collaborators, or NotFoundError. */
export const loadCollaborator = async (tx: Tx<ProjectContext>, planId: string, userId: string) => {
	const [found] = await tx.db
		.select({ userId: planCollaborators.userId, role: planCollaborators.role })
		.from(planCollaborators)
		.where(and(eq(planCollaborators.projectId, tx.projectId), eq(planCollaborators.planId, planId), eq(planCollaborators.userId, userId)));
	if (!found) throw new NotFoundError("collaborator");
	return found;
};
