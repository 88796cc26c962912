import { z } from "zod";
import { Timestamp } from "./values.ts";

/** Answer of `GET /ready`: `degraded` still accepts and keeps work. */
export const Readiness = z.strictObject({
	status: z.enum(["ready", "degraded", "unavailable"]),
	engine: z.string().nullable(),
	worker_last_seen_at: Timestamp.nullable(),
	outbox_depth: z.int().nullable(),
	/** Age of the oldest thing the engine has not been told yet. */
	outbox_lag_ms: z.int().nullable(),
	reasons: z.array(z.strictObject({ problem: z.string(), remedy: z.string() })),
});
export type Readiness = z.infer<typeof Readiness>;
