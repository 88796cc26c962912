import type { CheckResult, Integration } from "@agentplanner/contracts";
import { messagingIntegrations, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError } from "../errors.ts";
import { presentIntegration } from "./present.ts";
import { isIntegration } from "./queries.ts";

/**
 * Keeps what a live check found; no problems means healthy. `unauthorized` stays: a check may not see what the platform refused,
 * so only enabling, new credentials or a delivery that gets through end it. Not an edit, so the version stays.
 * Throws NotFoundError and ForbiddenError below admin.
 */
export const recordIntegrationCheck = async (ctx: ProjectContext, integrationId: string, problems: CheckResult): Promise<Integration> => {
	await authorize(ctx, "integrations:write");
	return inTransaction(ctx, async (tx) => {
		const ok = problems.length === 0;
		const [checked] = await tx.db
			.update(messagingIntegrations)
			.set({
				health: sql`case when health = 'unauthorized' then health else ${ok ? "healthy" : "failing"} end`,
				healthReport: {
					ok,
					checked_at: ctx.now().toISOString(),
					problems: problems.map(({ problem, remedy }) => ({ problem, remedy })),
				},
			})
			.where(isIntegration(tx, integrationId))
			.returning();
		if (!checked) throw new NotFoundError("integration");
		emit(tx, { type: "integration.tested", subjectId: integrationId, data: { ok, health: checked.health } });
		return presentIntegration(checked);
	});
};
