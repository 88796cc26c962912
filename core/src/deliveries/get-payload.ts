import type { DeliveryPayload } from "@agentplanner/contracts";
import { and, eq, messageDeliveries } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { shownPayload } from "./payload.ts";
import { isVisibleDelivery } from "./read-deliveries.ts";

/** What a delivery sends on every attempt, with the reply token masked. Throws NotFoundError, also before the first attempt. */
export const getPayload = async (ctx: ProjectContext, deliveryId: string): Promise<DeliveryPayload> => {
	await authorize(ctx, "deliveries:read");
	const [found] = await ctx.db
		.select({ payload: messageDeliveries.payload, bytes: messageDeliveries.payloadBytes })
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.projectId, ctx.projectId), eq(messageDeliveries.id, deliveryId), isVisibleDelivery(ctx)));
	if (!found) throw new NotFoundError("delivery");
	const { payload, bytes } = found;
	if (payload === null || bytes === null) throw new NotFoundError("payload");
	return { delivery_id: deliveryId, bytes, ...shownPayload({ keys: ctx.keys, deliveryId }, payload) };
};
