import { type AuditType, auditCatalogue } from "@agentplanner/contracts";
import { auditLogs } from "@agentplanner/db";
import { type Context, recordedActor, type Tx } from "../context.ts";

export type NewAudit = {
	type: AuditType;
	subjectId: string;
	/** Ids and small facts, never a secret. */
	data?: Record<string, unknown>;
	/** Ids of what else shows it. */
	evidenceRefs?: string[];
};

/** Records a critical act in the transaction that does it; the stamper numbers and chains it like an event. */
export const audit = async (tx: Tx<Context & { projectId?: string }>, { type, subjectId, data, evidenceRefs }: NewAudit): Promise<void> => {
	await tx.db.insert(auditLogs).values({
		projectId: tx.projectId ?? null,
		type,
		subjectType: auditCatalogue[type].subject,
		subjectId,
		data: data ?? {},
		evidenceRefs: evidenceRefs ?? [],
		actor: recordedActor(tx.actor),
		requestId: tx.requestId,
		traceId: tx.traceId,
	});
	tx.pending.wakes.add("events");
};
