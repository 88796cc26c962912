import { requestPath } from "@agentplanner/contracts";
import { eq, inboundEvents, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { readAnswer, summaries } from "../deliveries/settle-delivery.ts";
import { dataWith } from "../notices/leave-notice.ts";
import type { RequestRow } from "../requests/lock-request.ts";
import type { ResponseRow } from "./store-response.ts";

/**
 * Leaves word for whoever answered a request that had ended: how it ended. Once for each person. Answers with the id of the inbound
 * event at which it was left; null where they were told before, or can't be.
 */
export const leaveLateNotice = async (tx: Tx<ProjectContext>, request: RequestRow, response: ResponseRow): Promise<string | null> => {
	const { deliveryId } = response;
	if (deliveryId === null) return null;
	const speech = await findSpeech(tx, request, response);
	if (!speech || speech.told) return null;
	const answer = request.status === "completed" ? await readAnswer(tx, { id: deliveryId, agentRequestId: request.id }) : null;
	const end = answer ? `${answer.from} has answered this already.` : (summaries[request.status] ?? "This request is closed.");
	const text = `${end} What you wrote is kept as a late answer.`;
	const link = { label: "Open the request", path: requestPath({ projectId: tx.projectId, requestId: request.id }) };
	await tx.db
		.update(inboundEvents)
		.set({ data: dataWith({ text, link }) })
		.where(eq(inboundEvents.id, speech.id));
	return speech.id;
};

type Speech = { id: string; told: boolean };

/** The inbound event it came with, if its author can be told something; `told`: an earlier word of theirs came too late as well. */
const findSpeech = async (
	tx: Tx<ProjectContext>,
	{ closedAt }: RequestRow,
	{ id, deliveryId, externalId }: ResponseRow,
): Promise<Speech | null> => {
	const { rows } = await tx.db.execute<Speech>(sql`
		select said.id, exists (
			select from agent_responses earlier
			join inbound_events heard
				on heard.integration_id = said.integration_id and heard.external_id = earlier.delivery_id || ':' || earlier.external_id
			where earlier.delivery_id = delivery.id and earlier.agent_request_id = delivery.agent_request_id and earlier.id < ${id}
				and earlier.outcome is distinct from 'accepted'
				and coalesce(earlier.applied_at >= ${closedAt?.toISOString() ?? null}::timestamptz, true)
				and heard.data ->> 'author' is not distinct from said.data ->> 'author'
		) as told
		from message_deliveries delivery
		join inbound_events said
			on said.integration_id = delivery.integration_id and said.external_id = delivery.id || ':' || ${externalId}
		where delivery.project_id = ${tx.projectId} and delivery.id = ${deliveryId} and said.data ? 'ear'`);
	return rows[0] ?? null;
};
