import type { NodeKind, NodeStatus, TaskMode } from "@agentplanner/contracts";
import { and, desc, eq, lt, planNodes, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { inVisiblePlan } from "./authorize-plan.ts";
import { readLabels } from "./labels.ts";
import { isLiveNode } from "./live-nodes.ts";
import { presentSummary, summaryColumns } from "./present.ts";

export type NodeFilter = {
	plan_id?: string | undefined;
	label?: string | undefined;
	status?: NodeStatus | undefined;
	kind?: NodeKind | undefined;
	task_mode?: TaskMode | undefined;
};

/** Nodes of the project, newest first; only those that fit every filter given. */
export const listNodes = async (
	ctx: ProjectContext,
	{ plan_id: planId, label, status, kind, task_mode: mode, ...page }: NodeFilter & PageInput,
) => {
	await authorize(ctx, "plans:read");
	const cursor = cursorId(page);
	const given = <Value>(value: Value | undefined, condition: (value: Value) => ReturnType<typeof eq>) =>
		value === undefined ? undefined : condition(value);
	const rows = await ctx.db
		.select(summaryColumns)
		.from(planNodes)
		.where(
			and(
				eq(planNodes.projectId, ctx.projectId),
				isLiveNode,
				inVisiblePlan(ctx, planNodes.planId),
				given(planId, (value) => eq(planNodes.planId, value)),
				given(status, (value) => eq(planNodes.status, value)),
				given(kind, (value) => eq(planNodes.kind, value)),
				given(mode, (value) => eq(planNodes.taskMode, value)),
				given(
					label,
					(value) =>
						sql`${planNodes.id} in (select node_id from plan_node_labels where project_id = ${ctx.projectId} and label = ${value}::citext)`,
				),
				cursor === null ? undefined : lt(planNodes.id, cursor),
			),
		)
		.orderBy(desc(planNodes.id))
		.limit(page.limit + 1);
	const labels = await readLabels(ctx, { nodeIds: rows.map(({ id }) => id) });
	return toPage(rows, page.limit, (row) => presentSummary(row, labels.get(row.id) ?? []));
};
