import type { Subscription } from "@agentplanner/contracts";
import type { messageDeliveries, messagingIntegrations, webhookSubscriptions } from "@agentplanner/db";
import { presentIntegration } from "../integrations/present.ts";

type Row = {
	subscription: typeof webhookSubscriptions.$inferSelect;
	integration: typeof messagingIntegrations.$inferSelect;
	last: Pick<typeof messageDeliveries.$inferSelect, "id" | "status" | "content" | "updatedAt"> | null;
	waiting: number;
};

const stateOf = (enabled: boolean, integration: Subscription["integration"]): Subscription["state"] => {
	if (!enabled) return "paused";
	if (!integration.enabled) return "disabled";
	if (integration.held_until) return "held";
	return integration.failing_since ? "failing" : "active";
};

const presentTarget = (row: Row["integration"]): Subscription["integration"] => {
	const { id, name, adapter, settings, enabled, disabled_reason, held_until, held_reason, failing_since, health, previous_secret_until } =
		presentIntegration(row);
	const url = typeof settings.url === "string" ? settings.url : null;
	return { id, name, adapter, url, enabled, disabled_reason, held_until, held_reason, failing_since, health, previous_secret_until };
};

export const presentSubscription = ({ subscription: row, integration, last, waiting }: Row): Subscription => {
	const target = presentTarget(integration);
	return {
		id: row.id,
		project_id: row.projectId,
		name: row.name,
		integration: target,
		address: row.address,
		types: row.types,
		plan_ids: row.planIds,
		condition: row.condition,
		enabled: row.enabled,
		state: stateOf(row.enabled, target),
		from_position: row.fromPosition,
		replay: row.replayPosition === null || row.replayUntil === null ? null : { position: row.replayPosition, until: row.replayUntil },
		owner: row.owner,
		last_delivery: last && {
			id: last.id,
			status: last.status,
			type: last.content.kind === "event" ? last.content.type : last.content.kind,
			at: last.updatedAt.toISOString(),
		},
		waiting_deliveries: waiting,
		version: row.version,
		created_at: row.createdAt.toISOString(),
		updated_at: row.updatedAt.toISOString(),
	};
};
