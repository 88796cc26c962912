import type { LogKind, NodeLog } from "@agentplanner/contracts";
import { and, desc, eq, lt, planNodeLogs } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { presentLog } from "./present.ts";

/** One page of what was noted about the work on a node, newest first. Throws as `authorizeNode` does. */
export const listLogs = async (
	ctx: ProjectContext,
	nodeId: string,
	input: PageInput & { kind?: LogKind | undefined },
): Promise<{ items: NodeLog[]; next_cursor: string | null }> => {
	const node = await authorizeNode(ctx, "activity:read", nodeId);
	const before = cursorId(input);
	const rows = await ctx.db
		.select()
		.from(planNodeLogs)
		.where(
			and(
				eq(planNodeLogs.nodeId, node.id),
				input.kind === undefined ? undefined : eq(planNodeLogs.kind, input.kind),
				before === null ? undefined : lt(planNodeLogs.id, before),
			),
		)
		.orderBy(desc(planNodeLogs.id))
		.limit(input.limit + 1);
	return toPage(rows, input.limit, presentLog);
};
