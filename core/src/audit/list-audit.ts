import type { AuditEntry } from "@agentplanner/contracts";
import { asc, auditLogs, desc, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";

/** A project's critical acts after a position in commit order, or before it with the newest first. Throws ForbiddenError below admin. */
export const listAudit = async (
	ctx: ProjectContext,
	{ limit, cursor, order = "oldest" }: { limit: number; cursor: number; order?: "oldest" | "newest" },
): Promise<{ items: AuditEntry[]; next_cursor: number }> => {
	await authorize(ctx, "audit:read");
	const newest = order === "newest";
	const [from, to] = newest ? [0, cursor === 0 ? Number.MAX_SAFE_INTEGER : cursor] : [cursor, Number.MAX_SAFE_INTEGER];
	const key = sql`(${auditLogs.projectId}, ${auditLogs.position})`;
	const inOrder = newest ? desc : asc;
	const rows = await ctx.db
		.select()
		.from(auditLogs)
		// As a range over both columns: with `project_id = …` Postgres may go through the positions of all projects instead.
		.where(sql`${key} > (${ctx.projectId}::uuid, ${from}::bigint) and ${key} < (${ctx.projectId}::uuid, ${to}::bigint)`)
		.orderBy(inOrder(auditLogs.projectId), inOrder(auditLogs.position))
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
