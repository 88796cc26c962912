import type { Subscription } from "@agentplanner/contracts";
import { sql, webhookSubscriptions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { currentPosition } from "../events/current-position.ts";
import { releaseIntegration } from "../integrations/enable-integration.ts";
import { isSubscription, lockSubscription } from "./queries.ts";
import { readSubscription } from "./read-subscriptions.ts";

/**
 * Has events sent again, from now on; an integration that is disabled, or held, is let go, too. Changes nothing where it is on. Throws
 * NotFoundError, and ForbiddenError below admin.
 */
export const enableSubscription = async (ctx: ProjectContext, subscriptionId: string): Promise<Subscription> => {
	await authorize(ctx, "subscriptions:manage");
	return inTransaction(ctx, async (tx) => {
		const { enabled, integrationId } = await lockSubscription(tx, subscriptionId);
		await releaseIntegration(tx, integrationId);
		if (!enabled) {
			await tx.db
				.update(webhookSubscriptions)
				.set({ enabled: true, fromPosition: await currentPosition(tx), version: sql`version + 1`, updatedAt: sql`now()` })
				.where(isSubscription(tx, subscriptionId));
			emit(tx, { type: "subscription.enabled", subjectId: subscriptionId });
			await audit(tx, { type: "subscription.updated", subjectId: subscriptionId, data: { enabled: true } });
		}
		return readSubscription(tx, subscriptionId);
	});
};

/** Sends no more events; what already waits still goes out. Throws NotFoundError, and ForbiddenError below admin. */
export const disableSubscription = async (ctx: ProjectContext, subscriptionId: string): Promise<Subscription> => {
	await authorize(ctx, "subscriptions:manage");
	return inTransaction(ctx, async (tx) => {
		const { enabled } = await lockSubscription(tx, subscriptionId);
		if (enabled) {
			await tx.db
				.update(webhookSubscriptions)
				.set({ enabled: false, version: sql`version + 1`, updatedAt: sql`now()` })
				.where(isSubscription(tx, subscriptionId));
			emit(tx, { type: "subscription.disabled", subjectId: subscriptionId });
			await audit(tx, { type: "subscription.updated", subjectId: subscriptionId, data: { enabled: false } });
		}
		return readSubscription(tx, subscriptionId);
	});
};
