import type { ContextSnapshot } from "@agentplanner/contracts";
import { and, eq, messageDeliveries, sql, withCommit } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { reasons } from "../reasons.ts";
import { backstopMs, deleteTimers, setTimers } from "../timers.ts";
import { firstInTurn } from "./ask-in-turn.ts";
import { buildContextSnapshot } from "./build-context.ts";
import { closeRequest } from "./close-request.ts";
import { insertQuestions, questionOf } from "./insert-questions.ts";
import { type NextStep, nextStep } from "./ladder.ts";
import { lockRequest, type RequestRow } from "./lock-request.ts";
import { type Destination, resolveDestinationsOf } from "./resolve-destinations.ts";
import { setLadderTimer } from "./time-ladder.ts";

export type QueuedDelivery = { id: string; integrationId: string };

/**
 * Takes a queued request on its way: the snapshot of its context, one queued delivery with its timer per destination, and the
 * request's next state, in one transaction. Without a destination the request fails with the reason. Does nothing a second time.
 * Answers with the deliveries that nobody has begun to send. Throws NotFoundError.
 */
export const dispatchRequest = async (ctx: ProjectContext, requestId: string): Promise<QueuedDelivery[]> =>
	inTransaction(
		ctx,
		async (tx) => {
			// All in one packet, the lock first: what else is read is read behind it.
			const [request, context, possible] = await Promise.all([
				lockRequest(tx, requestId),
				buildContextSnapshot(tx, { requestId }),
				resolveDestinationsOf(tx, requestId),
			]);
			if (request.status !== "queued") return listQueued(tx, requestId);
			if (possible.length === 0) {
				await closeRequest(tx, request, "failed", reasons.noRoute());
				return [];
			}

			const destinations = firstInTurn(request, possible);
			const queued = destinations.map(({ newId, integrationId }) => ({ id: newId, integrationId }));
			setTimers(
				tx,
				...queued.map(({ id, integrationId }) => ({
					type: "message.delivery.due" as const,
					subjectId: id,
					dueInMs: backstopMs,
					data: { agent_request_id: requestId, integration_id: integrationId },
				})),
			);
			deleteTimers(tx, requestId, "agent.request.dispatch.due");
			const next = nextStep({ ...request, ladderFrom: request.now });
			if (next) setLadderTimer(tx, requestId, next);
			emit(tx, {
				type: "agent.request.dispatched",
				subjectId: requestId,
				data: { agent_request_id: requestId, node_id: request.nodeId, deliveries: queued.length },
			});
			return withCommit(queueDeliveries(tx, request, context, destinations, next).then(() => queued));
		},
		// Nobody outside has heard of it before a claim, which waits for the disk; should it be forgotten, the request's timer still stands.
		{ mayForget: true },
	);

const queueDeliveries = (
	tx: Tx<ProjectContext>,
	request: RequestRow,
	context: ContextSnapshot,
	destinations: Destination[],
	next: NextStep | null,
) =>
	tx.db
		.execute(sql`
			with message as (
				select ${JSON.stringify({ ...questionOf(request), context })}::jsonb as content
			), request as (
				update agent_requests
				set status = 'dispatched', context = message.content -> 'context', dispatched_at = now(),
					ladder_from = now(), ladder_due_at = ${next?.dueAt.toISOString() ?? null}, updated_at = now(), version = version + 1
				from message
				where id = ${request.id}
				returning id, project_id, trace_id, request_id
			)
			${insertQuestions(request, destinations)}`)
		.execute();

const listQueued = async (ctx: ProjectContext, requestId: string): Promise<QueuedDelivery[]> =>
	ctx.db
		.select({ id: messageDeliveries.id, integrationId: messageDeliveries.integrationId })
		.from(messageDeliveries)
		.where(
			and(
				eq(messageDeliveries.projectId, ctx.projectId),
				eq(messageDeliveries.agentRequestId, requestId),
				eq(messageDeliveries.status, "queued"),
			),
		);
