import type { PlanRole } from "@agentplanner/contracts";
import { planCollaborators } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";

/** Makes a member of the project a collaborator of the plan; whether they were none before, since who is one stays as they are. */
export const collaborate = async (
	tx: Tx<ProjectContext>,
	{ planId, userId, role }: { planId: string; userId: string; role: PlanRole },
): Promise<boolean> => {
	const [made] = await tx.db
		.insert(planCollaborators)
		.values({ projectId: tx.projectId, planId, userId, role })
		.onConflictDoNothing()
		.returning({ userId: planCollaborators.userId });
	if (!made) return false;
	const act = { type: "plan.collaborator.added", subjectId: planId, data: { user_id: userId, role } } as const;
	emit(tx, act);
	await audit(tx, act);
	return true;
};
