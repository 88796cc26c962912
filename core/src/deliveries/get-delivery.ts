import type { Delivery } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { readDeliveries } from "./read-deliveries.ts";

/** A delivery with every attempt. */
export const getDelivery = async (ctx: ProjectContext, deliveryId: string): Promise<Delivery> => {
	await authorize(ctx, "deliveries:read");
	const { deliveries } = await readDeliveries(ctx, { id: deliveryId, visible: true });
	if (!deliveries[0]) throw new NotFoundError("delivery");
	return deliveries[0];
};
