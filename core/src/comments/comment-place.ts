import type { Action } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { authorizeNode, authorizePlan } from "../plans/authorize-plan.ts";

/** What is commented on: a node, or a plan as a whole. */
export type CommentPlace = { nodeId: string } | { planId: string };

/** Passes, or throws, as `authorizePlan` does; answers with the ids as rows hold them. */
export const authorizePlace = async (ctx: ProjectContext, action: Action, place: CommentPlace) => {
	if ("nodeId" in place) {
		const node = await authorizeNode(ctx, action, place.nodeId);
		return { planId: node.planId, nodeId: node.id };
	}
	return { planId: (await authorizePlan(ctx, action, place.planId)).id, nodeId: null };
};
