import type { Agent, Route } from "@agentplanner/contracts";
import type { agents, routes } from "@agentplanner/db";

export const presentAgent = (row: typeof agents.$inferSelect, lastSeenAt: Date | null): Agent => ({
	id: row.id,
	project_id: row.projectId,
	name: row.name,
	description: row.description,
	last_seen_at: lastSeenAt?.toISOString() ?? null,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});

export const presentRoute = (row: typeof routes.$inferSelect, integration: { name: string; adapter: string }): Route => ({
	id: row.id,
	integration_id: row.integrationId,
	integration_name: integration.name,
	adapter: integration.adapter,
	address: row.address,
	position: row.position,
});
