import { isOpenRequest, type RequestTarget } from "@agentplanner/contracts";
import { agentRequests, agentRequestTargets, and, asc, eq, inArray } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { NotFoundError } from "../errors.ts";

export type RequestRow = typeof agentRequests.$inferSelect;
export type TargetRow = typeof agentRequestTargets.$inferSelect;

/** The request, locked until the transaction ends: whoever changes a request or decides its outcome goes through here. */
export const lockRequest = async (tx: Tx<ProjectContext>, requestId: string): Promise<RequestRow> => {
	const [row] = await tx.db
		.select()
		.from(agentRequests)
		.where(and(eq(agentRequests.projectId, tx.projectId), eq(agentRequests.id, requestId)))
		.for("no key update");
	if (!row) throw new NotFoundError("request");
	return row;
};

export const isOpen = (row: RequestRow): boolean => isOpenRequest(row.status);

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
