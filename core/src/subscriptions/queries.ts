import { and, eq, isUniqueViolation, messagingIntegrations, type SQL, webhookSubscriptions } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { ConflictError, NotFoundError } from "../errors.ts";

export const isSubscription = (ctx: ProjectContext, subscriptionId: string): SQL | undefined =>
	and(eq(webhookSubscriptions.projectId, ctx.projectId), eq(webhookSubscriptions.id, subscriptionId));

/** A subscription of this project with its integration, or NotFoundError. */
export const loadSubscription = async (ctx: ProjectContext, subscriptionId: string) => {
	const [found] = await ctx.db
		.select({ subscription: webhookSubscriptions, integration: messagingIntegrations })
		.from(webhookSubscriptions)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, webhookSubscriptions.integrationId))
		.where(isSubscription(ctx, subscriptionId));
	if (!found) throw new NotFoundError("subscription");
	return found;
};

/** Nobody else changes it meanwhile; with `update`, for whoever deletes it, no delivery is written for it either. Or NotFoundError. */
export const lockSubscription = async (
	tx: Tx<ProjectContext>,
	subscriptionId: string,
	strength: "no key update" | "update" = "no key update",
) => {
	const [found] = await tx.db.select().from(webhookSubscriptions).where(isSubscription(tx, subscriptionId)).for(strength);
	if (!found) throw new NotFoundError("subscription");
	return found;
};

/** Turns the database's refusal of a second name into a ConflictError. */
export const refuseDuplicateName = (error: unknown): never => {
	if (isUniqueViolation(error, "webhook_subscriptions_name_key"))
		throw new ConflictError("This project already has a subscription of that name. Choose another one.", [
			{ field: "body.name", message: "is taken" },
		]);
	throw error;
};
