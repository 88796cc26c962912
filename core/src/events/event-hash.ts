import { createHash } from "node:crypto";
import type { auditLogs, events } from "@agentplanner/db";
import { canonicalJson } from "../canonical-json.ts";

/** A row of a chain: an event, or a line of the audit log with what it refers to. */
export type EventRow = typeof events.$inferSelect & Partial<Pick<typeof auditLogs.$inferSelect, "evidenceRefs">>;

/** Links a row to the one before it in its project's chain: whoever rewrites one must rewrite all that follow. */
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
				...(event.evidenceRefs ? [event.evidenceRefs] : []),
			]),
		)
		.digest();
