import { type EventData, type EventType, eventCatalogue, maxEventDataBytes } from "@agentplanner/contracts";
import { type Context, recordedActor, type Tx } from "./context.ts";
import { TooLargeError } from "./errors.ts";
import { placeOf } from "./events/place.ts";

/**
 * `data` as the catalogue says: ids and small facts, at most 64 KiB as JSON. `plan_id`, `node_id`, `agent_request_id` or `decision_id` in
 * it, or a subject of that kind, puts the event on the timelines of that plan and node; any one of them is enough.
 */
export type NewEvent = {
	[Type in EventType]: { type: Type; subjectId: string } & (Record<string, never> extends EventData<Type>
		? { data?: EventData<Type> }
		: { data: EventData<Type> });
}[EventType];

/**
 * Records that something happened, in the transaction that makes it so; if a workflow listens, also that the engine must be
 * told. The rows are written with the COMMIT, so no query of the same transaction sees them. Throws TooLargeError above 64 KiB of data.
 */
export const emit = (tx: Tx<Context & { projectId?: string }>, ...newEvents: NewEvent[]): void => {
	for (const { type, data } of newEvents) {
		const size = Buffer.byteLength(JSON.stringify(data ?? {}));
		if (size > maxEventDataBytes)
			throw new TooLargeError(
				`The data of the event ${type} has ${size} bytes; ${maxEventDataBytes} are allowed. Keep content in its row and put its id into the event.`,
			);
	}
	for (const { type, subjectId, data = {} } of newEvents) {
		const subject = eventCatalogue[type].subject;
		tx.pending.events.push({
			project_id: tx.projectId ?? null,
			type,
			subject_type: subject,
			subject_id: subjectId,
			data,
			...placeOf(subject, subjectId, data),
			actor: recordedActor(tx.actor),
			request_id: tx.requestId,
			trace_id: tx.traceId,
			trigger: eventCatalogue[type].trigger,
		});
	}
};
