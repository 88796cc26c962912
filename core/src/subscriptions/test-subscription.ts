import { type Delivery, type MessageContent, testEventType } from "@agentplanner/contracts";
import { messageDeliveries } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext, type Tx, userIdOf } from "../context.ts";
import { readDeliveries } from "../deliveries/read-deliveries.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { newId } from "../new-id.ts";
import { setTimers } from "../timers.ts";
import { loadSubscription } from "./queries.ts";

/**
 * Sends a test on the way that events take, whatever the subscription's filter, and also while it is paused; answers with its delivery.
 * Throws NotFoundError, ForbiddenError below admin, and ConflictError while the integration is disabled.
 */
export const testSubscription = async (ctx: ProjectContext, subscriptionId: string): Promise<Delivery> => {
	await authorize(ctx, "subscriptions:manage");
	return inTransaction(ctx, async (tx) => {
		const { subscription, integration } = await loadSubscription(tx, subscriptionId);
		if (!integration.enabled)
			throw new ConflictError(`Nothing can be sent: ${integration.disabledReason ?? "its integration is disabled."} Enable it first.`);
		const { projectId, traceId, requestId } = tx;
		const eventId = await newId(tx);
		const [made] = await tx.db
			.insert(messageDeliveries)
			.values({
				...{ projectId, kind: "event", subscriptionId, eventId, traceId, requestId },
				integrationId: integration.id,
				address: subscription.address,
				content: contentOf(tx, subscription, eventId),
				passHold: true,
			})
			.returning({ id: messageDeliveries.id });
		if (!made) throw new Error("The insert returned no row.");
		setTimers(tx, { type: "message.delivery.due", subjectId: made.id, dueInMs: 0, data: { subscription_id: subscriptionId } });
		emit(tx, { type: "subscription.tested", subjectId: subscriptionId, data: { delivery_id: made.id } });
		const [delivery] = (await readDeliveries(tx, { id: made.id })).deliveries;
		if (!delivery) throw new Error("The delivery that was made is gone.");
		return delivery;
	});
};

const contentOf = (tx: Tx<ProjectContext>, { id, name }: { id: string; name: string }, eventId: string): MessageContent => ({
	kind: "event",
	event_id: eventId,
	type: testEventType,
	schema_version: 1,
	project_id: tx.projectId.toLowerCase(),
	subject_id: id,
	plan_id: null,
	node_id: null,
	occurred_at: tx.now().toISOString(),
	position: null,
	actor: { type: tx.actor.type, id: userIdOf(tx.actor) ?? undefined, name: actorName(tx.actor) },
	data: { subscription: name, message: "This is a test. Events look like this; their data says what happened." },
});
