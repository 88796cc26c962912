import type { CheckResult, Integration } from "@agentplanner/contracts";
import { and, messagingIntegrations, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { listenAgain } from "../listening/listen-again.ts";
import { presentIntegration } from "./present.ts";
import { isIntegration, loadIntegration, releaseDeliveries } from "./queries.ts";

type Row = typeof messagingIntegrations.$inferSelect;

/**
 * Keeps what a live check found; no problems means healthy. A check that passes ends a hold for refused credentials and lets what
 * waits go out: should they be refused all the same, the next delivery holds it again. Listening that failed begins again at once. Not an edit, so the version stays. Throws
 * NotFoundError and ForbiddenError below admin.
 */
export const recordIntegrationCheck = async (ctx: ProjectContext, integrationId: string, problems: CheckResult): Promise<Integration> => {
	await authorize(ctx, "integrations:write");
	return inTransaction(ctx, async (tx) => {
		const before = await loadIntegration(tx, integrationId);
		const healthReport = {
			ok: problems.length === 0,
			checked_at: ctx.now().toISOString(),
			checked_by: actorName(ctx.actor),
			problems: problems.map(({ problem, remedy }) => ({ problem, remedy })),
		};
		const checked = (healthReport.ok && (await endRefusal(tx, before, healthReport))) || (await keepReport(tx, before.id, healthReport));
		if (healthReport.ok) await listenAgain(tx, integrationId);
		emit(tx, { type: "integration.tested", subjectId: integrationId, data: { ok: healthReport.ok, health: checked.health } });
		return presentIntegration(checked);
	});
};

/** Null where there was no refusal, or another one came while this was checked. */
const endRefusal = async (tx: Tx<ProjectContext>, before: Row, healthReport: Row["healthReport"]): Promise<Row | null> => {
	if (!before.unauthorizedSince) return null;
	if (before.enabled) await releaseDeliveries(tx, before.id);
	const [checked] = await tx.db
		.update(messagingIntegrations)
		.set({ health: "healthy", healthReport, heldUntil: null, heldReason: null, unauthorizedSince: null, updatedAt: sql`now()` })
		.where(and(isIntegration(tx, before.id), sql`held_until is not distinct from ${before.heldUntil?.toISOString() ?? null}::timestamptz`))
		.returning();
	return checked ?? null;
};

/** What was refused meanwhile stays so. */
const keepReport = async (tx: Tx<ProjectContext>, integrationId: string, healthReport: NonNullable<Row["healthReport"]>): Promise<Row> => {
	const [checked] = await tx.db
		.update(messagingIntegrations)
		.set({
			health: sql`case when health = 'unauthorized' then health else ${healthReport.ok ? "healthy" : "failing"} end`,
			healthReport,
		})
		.where(isIntegration(tx, integrationId))
		.returning();
	if (!checked) throw new Error("The integration that was read is gone.");
	return checked;
};
