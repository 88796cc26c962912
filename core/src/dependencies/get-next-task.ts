import type { NextTask } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import { type ProjectContext, userIdOf } from "../context.ts";
import { authorizeNode, authorizePlan } from "../plans/authorize-plan.ts";
import { presentNode } from "../plans/present.ts";
import { explainIdleness } from "./explain-idleness.ts";
import { type Asker, findNextTask } from "./find-next-task.ts";

/**
 * The next task that the caller, or the agent they ask for, could begin, of one plan or of all that they see; without one, why. An
 * agent's own token asks for itself. Throws NotFoundError for a plan.
 */
export const getNextTask = async (ctx: ProjectContext, planId: string | null, agentId: string | undefined): Promise<NextTask> => {
	await (planId === null ? authorize(ctx, "plans:read") : authorizePlan(ctx, "plans:read", planId));
	const asker = askerOf(ctx, agentId);
	const id = await findNextTask(ctx, { planId, asker });
	if (id !== null) return { task: await presentNode(ctx, await authorizeNode(ctx, "plans:read", id)), reasons: [] };
	return { task: null, reasons: await explainIdleness(ctx, { planId, asker }) };
};

const askerOf = ({ actor }: ProjectContext, agentId: string | undefined): Asker => {
	const own = actor.type === "token" ? actor.agentId : null;
	const asked = own ?? agentId ?? null;
	return { agentId: asked, userId: asked === null ? userIdOf(actor) : null };
};
