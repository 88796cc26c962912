import type { PlanNode } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { authorizeNode } from "./authorize-plan.ts";
import { presentNode } from "./present.ts";

/** One node. Throws NotFoundError. */
export const getNode = async (ctx: ProjectContext, nodeId: string): Promise<PlanNode> =>
	presentNode(ctx, await authorizeNode(ctx, "plans:read", nodeId));
