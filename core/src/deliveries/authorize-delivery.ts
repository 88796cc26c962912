import type { Action } from "@agentplanner/contracts";
import { and, eq, messageDeliveries, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { authorizeMissing, authorizePlan } from "../plans/authorize-plan.ts";
import { aboutRequestId, planOfDelivery } from "./read-deliveries.ts";

/**
 * Asks in the plan that a delivery belongs to, by what it is about; in the project for a plain message, and for one that is not there.
 * Events, and word about what is gone, are for those who manage subscriptions. `even`: also in a plan that is archived.
 */
export const authorizeDelivery = async (
	ctx: ProjectContext,
	action: Action,
	deliveryId: string,
	{ even }: { even?: "archived" } = {},
): Promise<void> => {
	const [found] = await ctx.db
		.select({
			subscriptionId: messageDeliveries.subscriptionId,
			planId: sql<string | null>`(${planOfDelivery})`,
			isAbout: sql<boolean>`(${aboutRequestId}) is not null`,
		})
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.projectId, ctx.projectId), eq(messageDeliveries.id, deliveryId)));
	if (!found) await authorizeMissing(ctx, action, "delivery");
	else if (found.subscriptionId || (found.isAbout && !found.planId)) await authorize(ctx, "subscriptions:manage");
	else if (found.planId) await authorizePlan(ctx, action, found.planId, { what: "delivery", ...(even ? { even } : {}) });
	else await authorize(ctx, action);
};
