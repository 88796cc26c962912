import type { Assignment, AssignmentList } from "@agentplanner/contracts";
import { agents, and, eq, nodeAssignments, planNodes, users } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { newestInProject } from "../pagination.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import { digestVersion } from "../version.ts";

type Filter = { planId?: string | undefined; nodeId?: string | undefined; userId?: string | undefined; agentId?: string | undefined };

/** Who is assigned to what in the plans that the actor sees, newest first. */
export const readAssignments = async (
	ctx: ProjectContext,
	{ planId, nodeId, userId, agentId }: Filter,
	{ before, limit }: { before: string | null; limit: number },
): Promise<Assignment[]> => {
	const narrowed = planId !== undefined || nodeId !== undefined || userId !== undefined || agentId !== undefined;
	const newest = newestInProject(nodeAssignments, { projectId: ctx.projectId, before, narrowed });
	const rows = await ctx.db
		.select({ row: nodeAssignments, userName: users.name, agentName: agents.name })
		.from(nodeAssignments)
		.innerJoin(planNodes, eq(planNodes.id, nodeAssignments.nodeId))
		.leftJoin(users, eq(users.id, nodeAssignments.userId))
		.leftJoin(agents, eq(agents.id, nodeAssignments.agentId))
		.where(
			and(
				newest.where,
				isLiveNode,
				inVisiblePlan(ctx, nodeAssignments.planId),
				planId === undefined ? undefined : eq(nodeAssignments.planId, planId),
				nodeId === undefined ? undefined : eq(nodeAssignments.nodeId, nodeId),
				userId === undefined ? undefined : eq(nodeAssignments.userId, userId),
				agentId === undefined ? undefined : eq(nodeAssignments.agentId, agentId),
			),
		)
		.orderBy(...newest.orderBy)
		.limit(limit);
	return rows.map(({ row, userName, agentName }) => ({
		id: row.id,
		plan_id: row.planId,
		node_id: row.nodeId,
		user_id: row.userId,
		agent_id: row.agentId,
		name: userName ?? agentName ?? "",
		assigned_by: row.assignedBy,
		created_at: row.createdAt.toISOString(),
	}));
};

export const maxAssignees = 20;

/** All of one node, oldest first; the version covers who it is, so that a new name makes no clash. */
export const readNodeAssignments = async (ctx: ProjectContext, nodeId: string): Promise<AssignmentList> => {
	const items = (await readAssignments(ctx, { nodeId }, { before: null, limit: maxAssignees })).reverse();
	return { items, version: digestVersion(items.map(({ user_id, agent_id }) => [user_id, agent_id])) };
};
