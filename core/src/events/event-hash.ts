import { createHash } from "node:crypto";
import type { events } from "@agentplanner/db";

export type EventRow = typeof events.$inferSelect;

/** JSON with sorted keys: jsonb keeps values, not the order they came in. */
const canonical = (value: unknown): string =>
	JSON.stringify(value, (_, part: unknown) =>
		part && typeof part === "object" && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part,
	);

/** Links an event to the one before it in its project: whoever rewrites one must rewrite all that follow. */
export const eventHash = (previous: Buffer | null, event: EventRow, position: number): Buffer =>
	createHash("sha256")
		.update(previous ?? Buffer.alloc(32))
		.update(
			canonical([
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
