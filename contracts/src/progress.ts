import { z } from "zod";
import { nodeStatuses } from "./node-terms.ts";

const count = z.int().min(0);

/**
 * How far something is. Counted are tasks and milestones, each once, wherever below they stand; phases only hold them together.
 * What is cancelled, itself or by something above it, is shown under `by_status` and doesn't count.
 */
export const Progress = z.strictObject({
	completed: count,
	/** How many count. */
	total: count,
	/** Completed of total, rounded down, so that 100 means all; null where nothing counts. */
	percent: z.int().min(0).max(100).nullable(),
	by_status: z.record(z.enum(nodeStatuses), count),
});
export type Progress = z.infer<typeof Progress>;
