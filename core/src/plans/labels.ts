import { and, asc, eq, inArray, planNodeLabels } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import type { NodeRow } from "./change-status.ts";

type Which = { planId: string } | { nodeIds: string[] };

/** Labels by node, in alphabetical order; a node without any is left out. */
export const readLabels = async (ctx: ProjectContext, which: Which): Promise<Map<string, string[]>> => {
	const rows = await ctx.db
		.select({ nodeId: planNodeLabels.nodeId, label: planNodeLabels.label })
		.from(planNodeLabels)
		.where(
			and(
				eq(planNodeLabels.projectId, ctx.projectId),
				"planId" in which ? eq(planNodeLabels.planId, which.planId) : inArray(planNodeLabels.nodeId, which.nodeIds),
			),
		)
		.orderBy(asc(planNodeLabels.label));
	const labels = new Map<string, string[]>();
	for (const { nodeId, label } of rows) labels.set(nodeId, [...(labels.get(nodeId) ?? []), label]);
	return labels;
};

/** Replaces the node's labels. */
export const writeLabels = async (tx: Tx<ProjectContext>, node: Pick<NodeRow, "id" | "planId">, labels: string[]): Promise<void> => {
	await tx.db.delete(planNodeLabels).where(and(eq(planNodeLabels.planId, node.planId), eq(planNodeLabels.nodeId, node.id)));
	if (labels.length === 0) return;
	await tx.db
		.insert(planNodeLabels)
		.values(labels.map((label) => ({ projectId: tx.projectId, planId: node.planId, nodeId: node.id, label })));
};
