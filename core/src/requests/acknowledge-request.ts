import type { AgentRequest } from "@agentplanner/contracts";
import { agentRequests, eq, sql } from "@agentplanner/db";
import { recordHeartbeat } from "../agents/record-heartbeat.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { acknowledgeDelivery } from "../deliveries/acknowledge-delivery.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { authorizeRequest } from "../plans/authorize-plan.ts";
import { asAddressee } from "./addressee.ts";
import { isOpen, lockRequest, type RequestRow, requestColumns } from "./lock-request.ts";
import { presentRequest } from "./present.ts";
import { assertOwnRequest } from "./reply-token.ts";
import { readTargets } from "./targets.ts";
import { timeLadder } from "./time-ladder.ts";

/** The agent has seen the request and works on it. 409 once the request has ended. */
export const acknowledgeRequest = (ctx: ProjectContext, requestId: string): Promise<AgentRequest> => reportWorking(ctx, requestId, null);

/** How far the work is, in the agent's words. 409 once the request has ended. */
export const reportProgress = (ctx: ProjectContext, requestId: string, { text }: { text: string }): Promise<AgentRequest> =>
	reportWorking(ctx, requestId, text);

const reportWorking = async (caller: ProjectContext, requestId: string, progress: string | null): Promise<AgentRequest> => {
	await authorizeRequest(caller, "requests:answer", requestId);
	const ctx = await asAddressee(caller, requestId);
	assertOwnRequest(ctx, requestId);
	return inTransaction(ctx, async (tx) => {
		const request = await lockRequest(tx, requestId);
		if (!isOpen(request))
			throw new ConflictError(`This request has already ended: it is ${request.status}. There is nothing left to do for it.`);
		const row = await markWorking(tx, request, progress);
		if (tx.actor.type === "agent") {
			await acknowledgeDelivery(tx, tx.actor.deliveryId);
			if (tx.actor.agentId) recordHeartbeat(tx, tx.actor.agentId);
		}
		return presentRequest(row, await readTargets(tx, [requestId]));
	});
};

/**
 * Moves an open, locked request to `working`, unless it waits for a person or nobody has been asked yet (it must still be
 * dispatched); keeps the last word.
 */
export const markWorking = async (tx: Tx<ProjectContext>, request: RequestRow, progress: string | null): Promise<RequestRow> => {
	const starts = request.status === "dispatched";
	if (!starts && progress === null) return request;
	const [row] = await tx.db
		.update(agentRequests)
		.set({
			...(starts ? { status: "working" as const } : {}),
			...(progress === null ? {} : { progress }),
			workedAt: sql`now()`,
			updatedAt: sql`now()`,
			version: sql`version + 1`,
		})
		.where(eq(agentRequests.id, request.id))
		.returning(requestColumns);
	if (!row) throw new Error("The locked request is gone.");
	await timeLadder(tx, row);
	const data = { agent_request_id: request.id, node_id: request.nodeId };
	if (starts) emit(tx, { type: "agent.request.working", subjectId: request.id, data });
	if (progress !== null) emit(tx, { type: "agent.request.progressed", subjectId: request.id, data });
	return row;
};
