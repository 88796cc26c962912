import type { AttemptOutcome } from "@agentplanner/contracts";
import { and, deliveryAttempts, desc, eq, isNotNull } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { retryScheduleMs } from "./schedule.ts";

/** How many of the delivery's ended attempts in a row, up to the last one, ended like that; at most a few more than the schedule has waits. */
export const countInARow = async (tx: Tx<ProjectContext>, deliveryId: string, outcome: AttemptOutcome): Promise<number> => {
	const attempts = await tx.db
		.select({ outcome: deliveryAttempts.outcome })
		.from(deliveryAttempts)
		.where(and(eq(deliveryAttempts.deliveryId, deliveryId), isNotNull(deliveryAttempts.outcome)))
		.orderBy(desc(deliveryAttempts.number))
		.limit(retryScheduleMs.length + 3);
	const other = attempts.findIndex((attempt) => attempt.outcome !== outcome);
	return other === -1 ? attempts.length : other;
};
