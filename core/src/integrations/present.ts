import type { Integration } from "@agentplanner/contracts";
import type { messagingIntegrations } from "@agentplanner/db";

/** A hold that is over stays in the row until the next delivery, and is none. */
const presentHold = ({ heldUntil, heldReason }: typeof messagingIntegrations.$inferSelect) =>
	heldUntil && heldUntil > new Date()
		? { held_until: heldUntil.toISOString(), held_reason: heldReason }
		: { held_until: null, held_reason: null };

export const presentIntegration = (row: typeof messagingIntegrations.$inferSelect): Integration => ({
	id: row.id,
	project_id: row.projectId,
	adapter: row.adapter,
	name: row.name,
	settings: row.settings,
	secrets: Object.fromEntries(row.secretNames.map((name) => [name, true])),
	listens: row.listens,
	enabled: row.enabled,
	disabled_reason: row.disabledReason,
	...presentHold(row),
	unauthorized_since: row.unauthorizedSince?.toISOString() ?? null,
	delivery_policy: row.deliveryPolicy,
	failing_since: row.failingSince?.toISOString() ?? null,
	previous_secret_until: row.previousSecretUntil?.toISOString() ?? null,
	health: row.health,
	// Reports of before that was recorded have no name in them.
	health_report: row.healthReport && { ...row.healthReport, checked_by: row.healthReport.checked_by ?? null },
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});
