import type { MessageContent } from "@agentplanner/contracts";
import { agentRequests, and, eq, messageDeliveries, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { reasons } from "../reasons.ts";
import { backstopMs, deleteTimers, setTimers } from "../timers.ts";
import { buildContextSnapshot } from "./build-context.ts";
import { closeRequest } from "./close-request.ts";
import { lockRequest } from "./lock-request.ts";
import { resolveDestinations } from "./resolve-destinations.ts";
import { readTargets, toTarget } from "./targets.ts";

/**
 * Takes a queued request on its way: the snapshot of its context, one queued delivery with its timer per destination, and the
 * request's next state, in one transaction. Without a destination the request fails with the reason. Does nothing a second time.
 * Answers with the ids of the deliveries that nobody has begun to send. Throws NotFoundError.
 */
export const dispatchRequest = async (ctx: ProjectContext, requestId: string): Promise<string[]> =>
	inTransaction(ctx, async (tx) => {
		const request = await lockRequest(tx, requestId);
		if (request.status !== "queued") return listQueued(tx, requestId);
		const [targets, context] = await Promise.all([readTargets(tx, [requestId]), buildContextSnapshot(tx, request.nodeId, requestId)]);
		const destinations = await resolveDestinations(tx, request.planId, targets.map(toTarget));
		if (destinations.length === 0) {
			await closeRequest(tx, request, "failed", reasons.noRoute());
			return [];
		}

		const moving = tx.db
			.update(agentRequests)
			.set({ status: "dispatched", context, dispatchedAt: sql`now()`, updatedAt: sql`now()`, version: sql`version + 1` })
			.where(eq(agentRequests.id, requestId));
		const queueing = tx.db
			.insert(messageDeliveries)
			.values(
				destinations.map(({ agent, integrationId, address }) => ({
					projectId: tx.projectId,
					agentRequestId: requestId,
					kind: "request" as const,
					integrationId,
					agentId: agent?.id ?? null,
					address,
					traceId: request.traceId,
					requestId: request.requestId,
					content: {
						kind: "request",
						agent_request_id: requestId,
						question: request.question,
						agent,
						asked_by: request.askedBy,
						asked_at: request.createdAt.toISOString(),
						deadline_at: request.deadlineAt.toISOString(),
						context,
					} satisfies MessageContent,
				})),
			)
			.returning({ id: messageDeliveries.id });
		const [deliveries] = await Promise.all([queueing, moving]);
		setTimers(
			tx,
			...deliveries.map(({ id }) => ({
				type: "message.delivery.due" as const,
				subjectId: id,
				dueInMs: backstopMs,
				data: { agent_request_id: requestId },
			})),
		);
		deleteTimers(tx, requestId, "agent.request.dispatch.due");
		emit(tx, {
			type: "agent.request.dispatched",
			subjectId: requestId,
			data: { agent_request_id: requestId, node_id: request.nodeId, deliveries: deliveries.length },
		});
		return deliveries.map(({ id }) => id);
	});

const listQueued = async (ctx: ProjectContext, requestId: string): Promise<string[]> => {
	const rows = await ctx.db
		.select({ id: messageDeliveries.id })
		.from(messageDeliveries)
		.where(
			and(
				eq(messageDeliveries.projectId, ctx.projectId),
				eq(messageDeliveries.agentRequestId, requestId),
				eq(messageDeliveries.status, "queued"),
			),
		);
	return rows.map(({ id }) => id);
};
