import { type EventType, eventCatalogue, maxEventDataBytes } from "@agentplanner/contracts";
import { events, outbox } from "@agentplanner/db";
import { type Context, recordedActor, type Tx } from "./context.ts";
import { TooLargeError } from "./errors.ts";

export type NewEvent = {
	type: EventType;
	subjectId: string;
	/** Ids and small facts; at most 64 KiB as JSON. */
	data?: Record<string, unknown>;
};

/**
 * Records that something happened, in the transaction that makes it so; if a workflow listens, also that the engine must be
 * told. Throws TooLargeError above 64 KiB of data.
 */
export const emit = async (tx: Tx<Context & { projectId?: string }>, ...newEvents: NewEvent[]): Promise<void> => {
	if (newEvents.length === 0) return;
	for (const { type, data } of newEvents) {
		const size = Buffer.byteLength(JSON.stringify(data ?? {}));
		if (size > maxEventDataBytes)
			throw new TooLargeError(
				`The data of the event ${type} has ${size} bytes; ${maxEventDataBytes} are allowed. Keep content in its row and put its id into the event.`,
			);
	}
	const rows = await tx.db
		.insert(events)
		.values(
			newEvents.map(({ type, subjectId, data }) => ({
				projectId: tx.projectId ?? null,
				type,
				subjectType: eventCatalogue[type].subject,
				subjectId,
				data: data ?? {},
				actor: recordedActor(tx.actor),
				requestId: tx.requestId,
				traceId: tx.traceId,
			})),
		)
		.returning({ id: events.id, type: events.type });
	tx.wakes.add("events");
	const triggers = rows.filter((row) => eventCatalogue[row.type as EventType].trigger);
	if (triggers.length === 0) return;
	await tx.db.insert(outbox).values(triggers.map((row) => ({ eventId: row.id, type: row.type })));
	tx.wakes.add("outbox");
};
