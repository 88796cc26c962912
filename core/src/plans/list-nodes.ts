import type { NodeKind, NodeStatus, TaskMode } from "@agentplanner/contracts";
import { and, eq, planNodeLabels, planNodes, type SQL, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, newestInProject, type PageInput, toPage } from "../pagination.ts";
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
	const given = <Value>(value: Value | undefined, condition: (value: Value) => SQL) => (value === undefined ? undefined : condition(value));
	const nodes = ctx.db.select(summaryColumns).from(planNodes).$dynamic();
	// With a label the way begins at the labels, which are few, and not at the nodes.
	const isLabelled = and(eq(planNodeLabels.nodeId, planNodes.id), eq(planNodeLabels.planId, planNodes.planId));
	const sought = label === undefined ? nodes : nodes.innerJoin(planNodeLabels, isLabelled);
	const id = label === undefined ? planNodes.id : planNodeLabels.nodeId;
	const narrowed = planId !== undefined || label !== undefined;
	const newest = newestInProject({ projectId: planNodes.projectId, id }, { projectId: ctx.projectId, before: cursorId(page), narrowed });
	const rows = await sought
		.where(
			and(
				newest.where,
				isLiveNode,
				inVisiblePlan(ctx, planNodes.planId),
				given(label, (value) => sql`(${planNodeLabels.projectId} = ${ctx.projectId} and ${planNodeLabels.label} = ${value}::citext)`),
				given(planId, (value) => eq(planNodes.planId, value)),
				given(status, (value) => eq(planNodes.status, value)),
				given(kind, (value) => eq(planNodes.kind, value)),
				given(mode, (value) => eq(planNodes.taskMode, value)),
			),
		)
		.orderBy(...newest.orderBy)
		.limit(page.limit + 1);
	const labels = await readLabels(ctx, { nodeIds: rows.map((row) => row.id) });
	return toPage(rows, page.limit, (row) => presentSummary(row, labels.get(row.id) ?? []));
};
