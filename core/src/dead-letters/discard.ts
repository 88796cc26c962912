import { type DeadLetterFilter, type Delivery, mostDiscarded } from "@agentplanner/contracts";
import { and, asc, count, eq, inArray, messageDeliveries, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { authorizeDelivery } from "../deliveries/authorize-delivery.ts";
import { readDeliveries } from "../deliveries/read-deliveries.ts";
import { deliveryData } from "../deliveries/tell-delivery.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { isDead, isMineToSend } from "./select-dead.ts";

const columns = {
	id: messageDeliveries.id,
	agentRequestId: messageDeliveries.agentRequestId,
	subscriptionId: messageDeliveries.subscriptionId,
};

export const asDiscarded = (tx: Tx<ProjectContext>, reason: string) => ({
	discardedAt: sql`now()`,
	discardedBy: actorName(tx.actor),
	discardReason: reason,
});

/** Puts aside a delivery that gave up; it stays with its request. Throws NotFoundError, ForbiddenError, and 409 for one that didn't give up, or is put aside already. */
export const discardDelivery = async (ctx: ProjectContext, deliveryId: string, reason: string): Promise<Delivery> => {
	await authorizeDelivery(ctx, "deliveries:retry", deliveryId, { even: "archived" });
	await inTransaction(ctx, async (tx) => {
		const [discarded] = await tx.db
			.update(messageDeliveries)
			.set(asDiscarded(tx, reason))
			.where(and(eq(messageDeliveries.id, deliveryId), isDead(tx, {})))
			.returning(columns);
		if (!discarded) throw new ConflictError("Only what gave up can be discarded, and only once. Read it again to see where it stands.");
		const data = deliveryData(discarded);
		emit(tx, { type: "message.delivery.discarded", subjectId: deliveryId, data });
		await audit(tx, { type: "delivery.discarded", subjectId: deliveryId, data: { ...data, reason } });
	});
	return readOne(ctx, deliveryId);
};

/** Brings it back among those that gave up. Throws NotFoundError, ForbiddenError, and 409 for one that isn't put aside, or was edited and sent again. */
export const restoreDelivery = async (ctx: ProjectContext, deliveryId: string): Promise<Delivery> => {
	await authorizeDelivery(ctx, "deliveries:retry", deliveryId, { even: "archived" });
	await inTransaction(ctx, async (tx) => {
		const [restored] = await tx.db
			.update(messageDeliveries)
			.set({ discardedAt: null, discardedBy: null, discardReason: null })
			.where(and(eq(messageDeliveries.id, deliveryId), isDead(tx, {}, "discarded"), sql`not exists (${copiesOf(tx, deliveryId)})`))
			.returning(columns);
		if (!restored) throw new ConflictError("There is nothing to bring back: it is not discarded, or was edited and sent again.");
		const data = deliveryData(restored);
		emit(tx, { type: "message.delivery.restored", subjectId: deliveryId, data });
		await audit(tx, { type: "delivery.restored", subjectId: deliveryId, data });
	});
	return readOne(ctx, deliveryId);
};

const copiesOf = (tx: Tx<ProjectContext>, deliveryId: string) =>
	tx.db.select({ id: messageDeliveries.id }).from(messageDeliveries).where(eq(messageDeliveries.replayedFrom, deliveryId));

const readOne = async (ctx: ProjectContext, id: string): Promise<Delivery> => {
	const [delivery] = (await readDeliveries(ctx, { id })).deliveries;
	if (!delivery) throw new NotFoundError("delivery");
	return delivery;
};

/** Puts aside those that match, oldest first, at most 1,000; what is being sent again at this moment is left alone. Throws ForbiddenError below editor. */
export const discardDeadLetters = async (
	ctx: ProjectContext,
	filter: DeadLetterFilter,
	reason: string,
): Promise<{ discarded: number; left: number }> => {
	await authorize(ctx, "deliveries:retry");
	return inTransaction(ctx, async (tx) => {
		const mine = and(isDead(tx, filter), isMineToSend(tx));
		const found = await tx.db
			.select(columns)
			.from(messageDeliveries)
			.where(mine)
			.orderBy(asc(messageDeliveries.id))
			.limit(mostDiscarded)
			.for("no key update", { skipLocked: true });
		const ids = found.map(({ id }) => id);
		if (ids.length > 0) {
			await tx.db.update(messageDeliveries).set(asDiscarded(tx, reason)).where(inArray(messageDeliveries.id, ids));
			for (const row of found) emit(tx, { type: "message.delivery.discarded", subjectId: row.id, data: deliveryData(row) });
			await audit(tx, { type: "deliveries.discarded", subjectId: tx.projectId, data: { count: ids.length, filter, reason } });
		}
		const [left] = await tx.db.select({ count: count() }).from(messageDeliveries).where(mine);
		return { discarded: ids.length, left: left?.count ?? 0 };
	});
};
