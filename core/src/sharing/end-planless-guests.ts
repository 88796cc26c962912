import { and, eq, inArray, or, planCollaborators, plans, projectMembers, sql, users } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { endMembership } from "../members/end-membership.ts";

/** Ends the memberships of those of these users who are guests and have no plan left, be it in the bin. */
export const endPlanlessGuests = async (tx: Tx<ProjectContext>, userIds: string[]): Promise<void> => {
	const isTheirs = or(
		eq(plans.ownerUserId, projectMembers.userId),
		sql`exists (select from ${planCollaborators} where ${planCollaborators.planId} = ${plans.id} and ${planCollaborators.userId} = ${projectMembers.userId})`,
	);
	const guests = await tx.db
		.select({ userId: projectMembers.userId, email: users.email, role: projectMembers.role })
		.from(projectMembers)
		.innerJoin(users, eq(users.id, projectMembers.userId))
		.where(
			and(
				eq(projectMembers.projectId, tx.projectId),
				eq(projectMembers.role, "guest"),
				inArray(projectMembers.userId, userIds),
				sql`not exists (select from ${plans} where ${and(eq(plans.projectId, tx.projectId), isTheirs)})`,
			),
		);
	for (const guest of guests) await endMembership(tx, guest);
};
