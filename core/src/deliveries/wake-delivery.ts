import type { EventData } from "@agentplanner/contracts";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { backstopMs, setTimers } from "../timers.ts";

type Queued = EventData<"message.delivery.queued">;

/** Has a delivery that waits to be sent looked at now, and by its timer should that word get lost. */
export const wakeDelivery = (
	tx: Tx<ProjectContext>,
	deliveryId: string,
	data: Omit<Queued, "replay">,
	more: Pick<Queued, "replay"> = {},
): void => {
	setTimers(tx, { type: "message.delivery.due", subjectId: deliveryId, dueInMs: backstopMs, data });
	emit(tx, { type: "message.delivery.queued", subjectId: deliveryId, data: { ...data, ...more } });
};
