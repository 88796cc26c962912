import { type Project, type Role, roleMay } from "@agentplanner/contracts";
import type { projects } from "@agentplanner/db";
import type { Actor } from "../context.ts";

/** `role` is the reader's own. Which networks are open inside is for people who may edit the project. */
export const presentProject = (row: typeof projects.$inferSelect, role: Role, reader: Actor): Project => ({
	id: row.id,
	name: row.name,
	role,
	allowed_networks: reader.type === "user" && roleMay(role, "project:write") ? row.allowedNetworks : null,
	ladder: row.ladder,
	quiet_hours: row.quietHours,
	replay_max_age_days: row.replayMaxAgeDays,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});
