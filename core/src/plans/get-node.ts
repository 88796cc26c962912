import type { PlanNode } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentNode } from "./present.ts";
import { loadNode } from "./queries.ts";

/** One node. Throws NotFoundError. */
export const getNode = async (ctx: ProjectContext, nodeId: string): Promise<PlanNode> => {
	await authorize(ctx, "plans:read");
	return presentNode(ctx, await loadNode(ctx, nodeId));
};
