import type { Integration } from "@agentplanner/contracts";
import { and, eq, messagingIntegrations, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { lostRace } from "../version.ts";
import { presentIntegration } from "./present.ts";
import { isIntegration, loadIntegration } from "./queries.ts";

/**
 * Holds the channel's deliveries where they are until it is enabled again; on a disabled one it changes nothing. Throws
 * NotFoundError, ForbiddenError below admin, and ConflictError when it is changed at the same moment.
 */
export const disableIntegration = async (ctx: ProjectContext, integrationId: string, reason?: string): Promise<Integration> => {
	await authorize(ctx, "integrations:write");
	return inTransaction(ctx, async (tx) => {
		const integration = await loadIntegration(tx, integrationId);
		if (!integration.enabled) return presentIntegration(integration);
		const disabledReason = reason ?? `Disabled by ${actorName(ctx.actor)}.`;
		const [disabled] = await tx.db
			.update(messagingIntegrations)
			.set({ enabled: false, disabledReason, version: integration.version + 1, updatedAt: sql`now()` })
			.where(and(isIntegration(tx, integrationId), eq(messagingIntegrations.version, integration.version)))
			.returning();
		if (!disabled) throw lostRace("integration", null);
		emit(tx, { type: "integration.disabled", subjectId: integrationId, data: { reason: disabledReason } });
		await audit(tx, { type: "integration.disabled", subjectId: integrationId, data: { reason } });
		return presentIntegration(disabled);
	});
};
