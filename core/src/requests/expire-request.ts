import { agentRequests, agentResponses, and, eq, isNull, lte, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { reasons } from "../reasons.ts";
import { closeRequest } from "./close-request.ts";
import { isOpen, requestColumns } from "./lock-request.ts";

/** Ends a request whose deadline has passed; does nothing otherwise. An answer that came in time but is not applied yet goes first. */
export const expireRequest = async (ctx: ProjectContext, requestId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const [request] = await tx.db
			.select(requestColumns)
			.from(agentRequests)
			.where(and(eq(agentRequests.projectId, tx.projectId), eq(agentRequests.id, requestId), lte(agentRequests.deadlineAt, sql`now()`)))
			.for("no key update");
		if (!request || !isOpen(request)) return;
		const [waiting] = await tx.db
			.select({ id: agentResponses.id })
			.from(agentResponses)
			.where(
				and(
					eq(agentResponses.agentRequestId, requestId),
					isNull(agentResponses.appliedAt),
					sql`${agentResponses.createdAt} <= (select ${agentRequests.deadlineAt} from ${agentRequests} where ${agentRequests.id} = ${requestId})`,
				),
			)
			.limit(1);
		if (waiting) return;
		await closeRequest(tx, request, "expired", reasons.expired());
	});
