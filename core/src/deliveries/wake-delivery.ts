import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { backstopMs, setTimers } from "../timers.ts";

/** Has a delivery that waits to be sent looked at now, and by its timer should that word get lost. */
export const wakeDelivery = (
	tx: Tx<ProjectContext>,
	deliveryId: string,
	data: Record<string, unknown>,
	more: Record<string, unknown> = {},
): void => {
	setTimers(tx, { type: "message.delivery.due", subjectId: deliveryId, dueInMs: backstopMs, data });
	emit(tx, { type: "message.delivery.queued", subjectId: deliveryId, data: { ...data, ...more } });
};
