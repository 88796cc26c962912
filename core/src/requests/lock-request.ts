import { isOpenRequest } from "@agentplanner/contracts";
import { agentRequests, and, eq, type Given, getTableColumns, prepared, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { NotFoundError } from "../errors.ts";

const { context: _, ...withoutContext } = getTableColumns(agentRequests);

/** All but the snapshot of its context: that may be large, and only who shows it needs it. */
export const requestColumns = withoutContext;

export type RequestRow = Omit<typeof agentRequests.$inferSelect, "context">;

const lock = prepared((db, { projectId, requestId }: Given<{ projectId: string; requestId: string }>) =>
	db
		.select({ ...requestColumns, now: sql<Date>`now()`.mapWith(agentRequests.createdAt) })
		.from(agentRequests)
		.where(and(eq(agentRequests.projectId, projectId), eq(agentRequests.id, requestId)))
		.for("no key update"),
);

/**
 * The request, locked until the transaction ends, and the database's `now()`: whoever changes a request or decides its outcome goes through here. The query is on
 * its way when the call returns, so that what is begun after it reads behind the lock without waiting for it here.
 */
export const lockRequest = async (tx: Tx<ProjectContext>, requestId: string): Promise<RequestRow & { now: Date }> => {
	const [row] = await lock(tx.db, { projectId: tx.projectId, requestId });
	if (!row) throw new NotFoundError("request");
	return row;
};

export const isOpen = (row: RequestRow): boolean => isOpenRequest(row.status);
