import type { Subscription, UpdateSubscriptionInput } from "@agentplanner/contracts";
import { and, eq, sql, webhookSubscriptions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext, userIdOf } from "../context.ts";
import { emit } from "../emit.ts";
import { assertVersion, lostRace } from "../version.ts";
import { assertFilter } from "./assert-filter.ts";
import { isSubscription, loadSubscription, refuseDuplicateName } from "./queries.ts";
import { readSubscription } from "./read-subscriptions.ts";

/**
 * Changes the given fields, from the next event on; whoever does it answers for it from then on. Without any it changes nothing. Throws
 * NotFoundError, ForbiddenError below admin, UnprocessableError for a filter that can't be, ConflictError for a name that is taken, and
 * PreconditionFailedError when it is no longer at `expectedVersion` (null: whatever it is at).
 */
export const updateSubscription = async (
	ctx: ProjectContext,
	subscriptionId: string,
	input: UpdateSubscriptionInput,
	expectedVersion: number | null,
): Promise<Subscription> => {
	await authorize(ctx, "subscriptions:manage");
	await assertFilter(ctx, input);
	return inTransaction(ctx, async (tx) => {
		const { subscription } = await loadSubscription(tx, subscriptionId);
		assertVersion(subscription.version, expectedVersion);
		const fields = Object.entries(input).flatMap(([name, value]) => (value === undefined ? [] : [name]));
		if (fields.length === 0) return readSubscription(tx, subscriptionId);
		const [updated] = await tx.db
			.update(webhookSubscriptions)
			.set({
				name: input.name,
				address: input.address,
				types: input.types,
				planIds: input.plan_ids,
				condition: input.condition,
				ownerUserId: userIdOf(tx.actor),
				owner: actorName(tx.actor),
				version: subscription.version + 1,
				updatedAt: sql`now()`,
			})
			.where(and(isSubscription(tx, subscriptionId), eq(webhookSubscriptions.version, subscription.version)))
			.returning()
			.catch(refuseDuplicateName);
		if (!updated) throw lostRace("subscription", expectedVersion);
		emit(tx, { type: "subscription.updated", subjectId: subscriptionId, data: { version: updated.version, fields } });
		await audit(tx, {
			type: "subscription.updated",
			subjectId: subscriptionId,
			data: { fields, types: updated.types, plan_ids: updated.planIds },
		});
		return readSubscription(tx, subscriptionId);
	});
};
