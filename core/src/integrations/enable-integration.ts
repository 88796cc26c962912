import type { Integration } from "@agentplanner/contracts";
import { and, eq, messagingIntegrations, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { notFailing } from "../deliveries/give-up-failing.ts";
import { emit } from "../emit.ts";
import { lostRace } from "../version.ts";
import { presentIntegration } from "./present.ts";
import { isIntegration, loadIntegration, releaseDeliveries } from "./queries.ts";

/**
 * Lets the channel's deliveries go out: ends whatever holds it and tries everything that waits now. Changes nothing where nothing
 * holds it. Throws NotFoundError, ForbiddenError below admin, and ConflictError when it is changed at the same moment.
 */
export const enableIntegration = async (ctx: ProjectContext, integrationId: string): Promise<Integration> => {
	await authorize(ctx, "integrations:write");
	return inTransaction(ctx, (tx) => releaseIntegration(tx, integrationId));
};

/** The same for a verb that has authorized it. */
export const releaseIntegration = async (tx: Tx<ProjectContext>, integrationId: string): Promise<Integration> => {
	const integration = await loadIntegration(tx, integrationId);
	if (integration.enabled && !integration.heldUntil && !integration.unauthorizedSince) return presentIntegration(integration);
	await releaseDeliveries(tx, integrationId);
	const [enabled] = await tx.db
		.update(messagingIntegrations)
		.set({
			enabled: true,
			disabledReason: null,
			heldUntil: null,
			heldReason: null,
			unauthorizedSince: null,
			...notFailing,
			// Refused credentials get another chance; what else is known of its health still counts.
			health: sql`case when health = 'unauthorized' or unauthorized_since is not null then 'unknown' else health end`,
			version: integration.version + 1,
			updatedAt: sql`now()`,
		})
		.where(and(isIntegration(tx, integrationId), eq(messagingIntegrations.version, integration.version)))
		.returning();
	if (!enabled) throw lostRace("integration", null);
	emit(tx, { type: "integration.enabled", subjectId: integrationId });
	await audit(tx, { type: "integration.enabled", subjectId: integrationId });
	return presentIntegration(enabled);
};
