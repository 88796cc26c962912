import { and, eq, inArray, messageDeliveries, or, type SQL, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import type { ResponseRow } from "../responses/store-response.ts";
import { backstopMs, deleteTimers, setTimers } from "../timers.ts";
import { deliveryColumns } from "./delivery-row.ts";

type CloseAs = "cancelled" | "superseded";

/** Who changes several deliveries of a request takes them first, all in the order of ids, so that nobody waits in a circle. */
export const lockDeliveries = (tx: Tx<ProjectContext>, requestId: string) =>
	tx.db
		.select(deliveryColumns)
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.agentRequestId, requestId)))
		.orderBy(messageDeliveries.id)
		.for("no key update");

/** Those from which an answer or a question was accepted, or a decision was asked for. */
const heardFrom = (requestId: string) =>
	sql`(select delivery_id from agent_responses
			where agent_request_id = ${requestId} and outcome = 'accepted' and delivery_id is not null
		union all
		select asked_delivery_id from decision_requests where agent_request_id = ${requestId} and asked_delivery_id is not null)`;

/** Those of them whose agent has given its answer, too, and not only asked. */
const answeredBy = (requestId: string) =>
	sql`(select heard.id from message_deliveries heard
		where heard.id in ${heardFrom(requestId)} and exists (
			select from agent_responses answer
			where answer.agent_request_id = ${requestId} and answer.outcome = 'accepted' and answer.kind <> 'input_required'
				and answer.respondent = coalesce('agent:' || heard.agent_id, 'route:' || heard.integration_id || '/' || heard.address)
		))`;

/** Closes whatever is still under way for a request, except the deliveries whose answers count, unless they'd be sent again. */
export const closeDeliveries = async (tx: Tx<ProjectContext>, requestId: string, as: CloseAs): Promise<void> =>
	close(
		tx,
		and(
			eq(messageDeliveries.agentRequestId, requestId),
			or(
				sql`${messageDeliveries.id} not in ${answeredBy(requestId)}`,
				inArray(messageDeliveries.status, ["queued", "retrying", "unknown"]),
			),
		),
		as,
	);

/** Several routes of one agent are copies of one question: its first answer supersedes the rest. */
export const supersedeCopies = async (tx: Tx<ProjectContext>, requestId: string, response: ResponseRow): Promise<void> => {
	if (!response.deliveryId) return;
	await close(
		tx,
		and(
			eq(messageDeliveries.agentRequestId, requestId),
			sql`coalesce('agent:' || ${messageDeliveries.agentId}, 'route:' || ${messageDeliveries.integrationId} || '/' || ${messageDeliveries.address}) = ${response.respondent}`,
			inArray(messageDeliveries.kind, ["request", "nudge"]),
			// Its answer may come with the token of a reply to what it asked by another one: that one isn't a copy.
			sql`${messageDeliveries.id} not in ${heardFrom(requestId)}`,
		),
		"superseded",
	);
};

/** Word to people that a request waits: what of it is still on its way when that ends would be untrue. */
export const withdrawWord = (tx: Tx<ProjectContext>, requestId: string): Promise<void> =>
	close(
		tx,
		and(
			eq(messageDeliveries.projectId, tx.projectId),
			eq(messageDeliveries.kind, "text"),
			sql`${messageDeliveries.content} #>> '{about,agent_request_id}' = ${requestId}`,
			inArray(messageDeliveries.status, ["queued", "sending", "retrying", "unknown"]),
		),
		"cancelled",
	);

/** Nobody needs to decide any more: closes the messages that ask people to. */
export const closeNotifications = (tx: Tx<ProjectContext>, decisionId: string, as: CloseAs): Promise<void> =>
	close(tx, and(eq(messageDeliveries.decisionId, decisionId), eq(messageDeliveries.kind, "decision")), as);

/** Messages that were answered were not taken back; where their platform can change them, they shall say so, too. */
export const rewriteAnswered = async (tx: Tx<ProjectContext>, requestId: string): Promise<void> => {
	const answered = await tx.db
		.select({ id: messageDeliveries.id })
		.from(messageDeliveries)
		.where(
			and(
				eq(messageDeliveries.agentRequestId, requestId),
				eq(messageDeliveries.status, "acknowledged"),
				sql`${messageDeliveries.id} in ${answeredBy(requestId)}`,
				sql`${messageDeliveries.receipt} ->> 'platformId' is not null`,
			),
		);
	for (const { id } of answered) rewriteSoon(tx, id, requestId);
};

/** Has the platform's copy of a message brought in line with the end of its request, if that has come. */
export const rewriteSoon = (tx: Tx<ProjectContext>, deliveryId: string, requestId: string | null): void =>
	setTimers(tx, { type: "message.delivery.settle.due", subjectId: deliveryId, dueInMs: 0, data: { agent_request_id: requestId } });

/** What is being sent is only marked: it goes there when its attempt ends. Locked in the order of ids, as by whoever else takes several. */
const close = async (tx: Tx<ProjectContext>, which: SQL | undefined, as: CloseAs): Promise<void> => {
	const found = await tx.db
		.select({
			id: messageDeliveries.id,
			status: messageDeliveries.status,
			agentRequestId: messageDeliveries.agentRequestId,
			receipt: messageDeliveries.receipt,
		})
		.from(messageDeliveries)
		.where(and(which, inArray(messageDeliveries.status, ["queued", "sending", "retrying", "unknown", "delivered", "acknowledged"])))
		.orderBy(messageDeliveries.id)
		.for("no key update");
	const [sending, waiting] = [found.filter(({ status }) => status === "sending"), found.filter(({ status }) => status !== "sending")];
	if (sending.length > 0)
		await tx.db
			.update(messageDeliveries)
			.set({ closeAs: as, updatedAt: sql`now()` })
			.where(inArray(messageDeliveries.id, idsOf(sending)));
	if (waiting.length > 0)
		await tx.db
			.update(messageDeliveries)
			.set({ status: as, reason: null, nextAttemptAt: null, waitsSince: null, turnAt: null, updatedAt: sql`now()` })
			.where(inArray(messageDeliveries.id, idsOf(waiting)));
	for (const delivery of waiting) await afterClosing(tx, delivery, as);
};

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);

/** Timers and event of a delivery that was just closed; where the platform has the message, it is told that it's over. */
export const afterClosing = async (
	tx: Tx<ProjectContext>,
	delivery: { id: string; agentRequestId: string | null; receipt: unknown },
	as: CloseAs,
): Promise<void> => {
	deleteTimers(tx, delivery.id, "message.delivery.due", "message.delivery.collect.due");
	const data = { agent_request_id: delivery.agentRequestId };
	if (delivery.receipt !== null) setTimers(tx, { type: "message.delivery.settle.due", subjectId: delivery.id, dueInMs: backstopMs, data });
	emit(tx, { type: as === "cancelled" ? "message.delivery.cancelled" : "message.delivery.superseded", subjectId: delivery.id, data });
};
