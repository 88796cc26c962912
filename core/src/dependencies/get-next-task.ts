import type { NextTask, NextTaskQuery } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import { type ProjectContext, userIdOf } from "../context.ts";
import { authorizeNode, authorizePlan } from "../plans/authorize-plan.ts";
import { presentNode } from "../plans/present.ts";
import { explainIdleness } from "./explain-idleness.ts";
import { type Asker, findNextTask } from "./find-next-task.ts";

/**
 * The next task that the caller, or the agent they ask for, could begin, of one plan or of all that they see, with the label and mode
 * asked for; without one, why. An agent's own token asks for itself. Throws NotFoundError for a plan.
 */
export const getNextTask = async (ctx: ProjectContext, planId: string | null, query: NextTaskQuery): Promise<NextTask> => {
	const { agent_id: agentId, ...filter } = query;
	await (planId === null ? authorize(ctx, "plans:read") : authorizePlan(ctx, "plans:read", planId));
	const sought = { planId, asker: askerOf(ctx, agentId), filter };
	const id = await findNextTask(ctx, sought);
	if (id !== null) return { task: await presentNode(ctx, await authorizeNode(ctx, "plans:read", id)), reasons: [] };
	return { task: null, reasons: await explainIdleness(ctx, sought) };
};

const askerOf = ({ actor }: ProjectContext, agentId: string | undefined): Asker => {
	const own = actor.type === "token" ? actor.agentId : null;
	const asked = own ?? agentId ?? null;
	return { agentId: asked, userId: asked === null ? userIdOf(actor) : null };
};
