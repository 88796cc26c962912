import { createHash } from "node:crypto";
import type { events } from "@agentplanner/db";
import { canonicalJson } from "../canonical-json.ts";

export type EventRow = typeof events.$inferSelect;

/** Links an event to the one before it in its project: whoever rewrites one must rewrite all that follow. */
export const eventHash = (previous: Buffer | null, event: EventRow, position: number): Buffer =>
	createHash("sha256")
		.update(previous ?? Buffer.alloc(32))
		.update(
			canonicalJson([
				event.id,
				position,
				event.projectId,
				event.type,
				event.subjectType,
				event.subjectId,
				event.data,
				event.actor,
				event.requestId,
				event.traceId,
				event.occurredAt.toISOString(),
			]),
		)
		.digest();
