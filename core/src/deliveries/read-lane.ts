import { and, eq, messageDeliveries, messagingIntegrations, type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

/** What decides whether an integration may be sent to now. `crowded`: deliveries wait their turn there. */
export type LaneInfo = { integrationId: string; maxInFlight: number; crowded: boolean };

const columns = {
	integrationId: messagingIntegrations.id,
	maxInFlight: sql<number>`(${messagingIntegrations.deliveryPolicy} ->> 'max_in_flight')::int`,
	crowded: sql<boolean>`exists (select from message_deliveries waiting where waiting.integration_id = messaging_integrations.id
		and waiting.waits_since is not null and waiting.status in ('queued', 'retrying', 'unknown'))`,
};

/** Of the integration, or of that of a delivery; null where there is none (any more). */
export const readLane = async (ctx: ProjectContext, of: { integrationId: string } | { deliveryId: string }): Promise<LaneInfo | null> => {
	const which: SQL =
		"integrationId" in of
			? sql`${of.integrationId}::uuid`
			: sql`(select ${messageDeliveries.integrationId} from ${messageDeliveries} where ${messageDeliveries.id} = ${of.deliveryId})`;
	const [lane] = await ctx.db
		.select(columns)
		.from(messagingIntegrations)
		.where(and(eq(messagingIntegrations.projectId, ctx.projectId), sql`${messagingIntegrations.id} = ${which}`));
	return lane ?? null;
};
