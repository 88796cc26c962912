import type { Project, Role } from "@agentplanner/contracts";
import type { projects } from "@agentplanner/db";

/** `role` is the reader's own. */
export const presentProject = (row: typeof projects.$inferSelect, role: Role): Project => ({
	id: row.id,
	name: row.name,
	role,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});
