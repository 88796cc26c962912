import type { Collaborator } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { readCollaborators } from "./queries.ts";

/** Whose plan it is, then with whom it is shared, by name. Throws NotFoundError. */
export const listCollaborators = async (ctx: ProjectContext, planId: string): Promise<{ items: Collaborator[] }> => {
	const { role } = await authorizePlan(ctx, "plans:read", planId);
	return { items: await readCollaborators(ctx, { planId, role }) };
};
