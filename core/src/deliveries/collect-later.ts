import { and, eq, inArray, messageDeliveries } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { setTimers } from "../timers.ts";

export const collectTimer = "message.delivery.collect.due";

/** The answer of such a delivery has to be fetched, as long as its request is open. */
export const isCollecting = and(eq(messageDeliveries.collecting, true), inArray(messageDeliveries.status, ["delivered", "acknowledged"]));

type When = { agentRequestId: string | null; inMs: number; failures?: number };

/** Has a delivery's answer looked for, in place of an earlier appointment. `failures`: how often looking failed in a row. */
export const collectLater = (tx: Tx<ProjectContext>, deliveryId: string, { agentRequestId, inMs, failures = 0 }: When): void =>
	setTimers(tx, { type: collectTimer, subjectId: deliveryId, dueInMs: inMs, data: { agent_request_id: agentRequestId, failures } });
