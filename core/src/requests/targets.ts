import type { RequestTarget } from "@agentplanner/contracts";
import { agentRequestTargets, and, asc, eq, inArray } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

export type TargetRow = typeof agentRequestTargets.$inferSelect;

/** Whom these requests ask, in the order they were named. */
export const readTargets = async (ctx: ProjectContext, requestIds: string[]): Promise<TargetRow[]> =>
	requestIds.length === 0
		? []
		: ctx.db
				.select()
				.from(agentRequestTargets)
				.where(and(eq(agentRequestTargets.projectId, ctx.projectId), inArray(agentRequestTargets.agentRequestId, requestIds)))
				.orderBy(asc(agentRequestTargets.position));

export const toTarget = (row: TargetRow): RequestTarget =>
	row.agentId ? { agent_id: row.agentId } : { integration_id: row.integrationId ?? "", address: row.address };
