import type { Rows } from "@agentplanner/e2e/database";
import { eventually } from "../../scripts/testing/eventually.ts";

/** Waits until the product has nothing left to do, so that the other side's run is not disturbed by it. */
export const settle = async (query: Rows, timeoutMs = 60_000): Promise<void> => {
	await eventually(
		"the product has nothing left to do",
		async () => {
			const [row] = await query<{ left: number }>(`
				select (select count(*) from outbox) + (select count(*) from events where position is null)
					+ (select count(*) from agent_responses where applied_at is null)
					+ (select count(*) from message_deliveries where status in ('queued', 'sending', 'retrying', 'unknown')) as left`);
			return Number(row?.left) === 0;
		},
		timeoutMs,
	);
};
