import type { AuditEntry } from "@agentplanner/contracts";
import { and, asc, auditLogs, desc, eq, gt, isNotNull, lt } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";

/** A project's critical acts after a position in commit order, or before it with the newest first. Throws ForbiddenError below admin. */
export const listAudit = async (
	ctx: ProjectContext,
	{ limit, cursor, order = "oldest" }: { limit: number; cursor: number; order?: "oldest" | "newest" },
): Promise<{ items: AuditEntry[]; next_cursor: number }> => {
	await authorize(ctx, "audit:read");
	const newest = order === "newest";
	const beyond = newest ? (cursor === 0 ? undefined : lt(auditLogs.position, cursor)) : gt(auditLogs.position, cursor);
	const rows = await ctx.db
		.select()
		.from(auditLogs)
		.where(and(eq(auditLogs.projectId, ctx.projectId), isNotNull(auditLogs.position), beyond))
		.orderBy(newest ? desc(auditLogs.position) : asc(auditLogs.position))
		.limit(limit);
	const items = rows.map(
		(row): AuditEntry => ({
			id: row.id,
			position: row.position ?? 0,
			type: row.type,
			subject_type: row.subjectType,
			subject_id: row.subjectId,
			data: row.data,
			evidence_refs: row.evidenceRefs,
			actor: row.actor,
			request_id: row.requestId,
			trace_id: row.traceId,
			occurred_at: row.occurredAt.toISOString(),
		}),
	);
	return { items, next_cursor: items.at(-1)?.position ?? cursor };
};
