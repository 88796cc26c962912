import type { Agent, Presence, Route, RouteList } from "@agentplanner/contracts";
import type { agents, routes } from "@agentplanner/db";
import { digestVersion } from "../version.ts";

type KnownAgent = {
	agent: typeof agents.$inferSelect;
	lastSeenAt: Date | null;
	intervalSeconds: number | null;
	presence: Presence | null;
};

export const presentAgent = ({ agent: row, lastSeenAt, intervalSeconds, presence }: KnownAgent): Agent => ({
	id: row.id,
	project_id: row.projectId,
	name: row.name,
	description: row.description,
	capabilities: row.capabilities,
	ladder: row.ladder,
	presence,
	heartbeat_seconds: intervalSeconds,
	last_seen_at: lastSeenAt?.toISOString() ?? null,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});

type RouteRow = { route: typeof routes.$inferSelect; integration: { name: string; adapter: string } };

const presentRoute = ({ route: row, integration }: RouteRow): Route => ({
	id: row.id,
	integration_id: row.integrationId,
	integration_name: integration.name,
	adapter: integration.adapter,
	address: row.address,
	position: row.position,
});

/** The version covers what is set, so that a renamed integration makes no clash. */
export const presentRoutes = (rows: RouteRow[]): RouteList => ({
	items: rows.map(presentRoute),
	version: digestVersion(rows.map(({ route }) => [route.integrationId, route.address])),
});
