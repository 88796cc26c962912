import type { Integration } from "@agentplanner/contracts";
import type { messagingIntegrations } from "@agentplanner/db";

export const presentIntegration = (row: typeof messagingIntegrations.$inferSelect): Integration => ({
	id: row.id,
	project_id: row.projectId,
	adapter: row.adapter,
	name: row.name,
	settings: row.settings,
	secrets: Object.fromEntries(row.secretNames.map((name) => [name, true])),
	enabled: row.enabled,
	disabled_reason: row.disabledReason,
	health: row.health,
	health_report: row.healthReport,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});
