import { sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";

/**
 * Whoever adds a dependency or puts a node under another one takes turns within the project, also over several plans, so that two
 * halves of a circle can't be written at once. After the lock of a plan, never before it.
 */
export const lockDependencies = async (tx: Tx<ProjectContext>): Promise<void> => {
	await tx.db.execute(
		sql`select pg_advisory_xact_lock(hashtextextended('dependencies', 0) # hashtextextended(${tx.projectId.toLowerCase()}, 0))`,
	);
};
