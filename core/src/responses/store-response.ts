import { createHash } from "node:crypto";
import type { ResponseKind } from "@agentplanner/contracts";
import { agentRequests, agentResponses, and, count, eq, inArray, messageDeliveries, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { backstopMs, setTimers } from "../timers.ts";

export type ResponseRow = typeof agentResponses.$inferSelect;

export type IncomingResponse = {
	agentRequestId: string;
	/** Null when a person answers in the web. */
	deliveryId: string | null;
	agentId: string | null;
	respondent: string;
	respondentName: string;
	kind: ResponseKind;
	text: string;
	/** Made by `responseId`. */
	externalId: string;
};

/** Stores a response once and wakes `record-response`; a repeat gets the row that is there. */
export const storeResponse = async (tx: Tx<ProjectContext>, incoming: IncomingResponse): Promise<ResponseRow> => {
	const [row] = await tx.db
		.insert(agentResponses)
		.values({ ...incoming, projectId: tx.projectId })
		.onConflictDoNothing()
		.returning();
	if (!row) {
		const [existing] = await tx.db
			.select()
			.from(agentResponses)
			.where(
				and(
					eq(agentResponses.agentRequestId, incoming.agentRequestId),
					eq(agentResponses.respondent, incoming.respondent),
					eq(agentResponses.externalId, incoming.externalId),
				),
			);
		if (!existing) throw new Error("A response clashed with none.");
		return existing;
	}
	setTimers(tx, {
		type: "agent.response.record.due",
		subjectId: row.id,
		dueInMs: backstopMs,
		data: { agent_request_id: row.agentRequestId },
	});
	emit(tx, { type: "agent.response.received", subjectId: row.id, data: { agent_request_id: row.agentRequestId, kind: row.kind } });
	return row;
};

/** What comes after the end is kept, since the request may be opened again; whoever goes on and on is heard no more. */
export const mostLateResponses = 20;

/** Whether an ended request has as many late responses of this respondent as are kept; a repeat of one is none more. The request must be locked. */
export const hasSaidEnough = async (
	tx: Tx<ProjectContext>,
	{ agentRequestId, respondent, externalId }: Pick<IncomingResponse, "agentRequestId" | "respondent" | "externalId">,
): Promise<boolean> => {
	const [said] = await tx.db
		.select({
			late: sql<number>`(count(*) filter (where ${agentResponses.createdAt} >= ${agentRequests.closedAt}))::int`,
			isRepeat: sql<boolean>`coalesce(bool_or(${agentResponses.externalId} = ${externalId}), false)`,
		})
		.from(agentResponses)
		.innerJoin(agentRequests, eq(agentRequests.id, agentResponses.agentRequestId))
		.where(and(eq(agentResponses.agentRequestId, agentRequestId), eq(agentResponses.respondent, respondent)));
	return said !== undefined && !said.isRepeat && said.late >= mostLateResponses;
};

type Said = { kind: string; text: string; id: string | null };

/**
 * What makes a response the same as an earlier one of the same respondent to the same request, whichever way it came: the id it was
 * given, else its content. An agent may ask the same question again after it got a reply, so the number of replies counts as content.
 */
export const responseId = ({ kind, text, id }: Said, replies: number): string =>
	// Of its question and of its answer, since many an agent names both after the message they belong to.
	id !== null
		? `${kind}:${id}`
		: `content:${createHash("sha256")
				.update(JSON.stringify([kind, text, replies]))
				.digest("hex")}`;

/** How many replies a request's agents were sent, and what people decided for them. */
export const countReplies = async (tx: Tx<ProjectContext>, agentRequestId: string): Promise<number> => {
	const [replies] = await tx.db
		.select({ number: count() })
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.agentRequestId, agentRequestId), inArray(messageDeliveries.kind, ["reply", "decision_outcome"])));
	return replies?.number ?? 0;
};
