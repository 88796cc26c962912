import { type SQL, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";

/*
 * Two locks per project, also over several plans. After the lock of a plan and before those of nodes, never the other way round:
 *
 *   dependencies   alone: whoever adds a dependency, puts a node under another one, or says that one is blocked until others are finished;
 *                  together: whoever finishes nodes
 *   unblocking     alone: whoever finishes what others wait for; after the first
 *
 * So two halves of a circle can't be written at once, nobody begins to wait for what is finished in the same moment, and of two who
 * finish the last two things that a node waits for, the second sees what the first did. Most nodes hold nothing up, and are finished
 * without waiting for anybody.
 */

const keyOf = ({ projectId }: Tx<ProjectContext>, name: "dependencies" | "unblocking"): SQL =>
	sql`hashtextextended(${name}, 0) # hashtextextended(${projectId.toLowerCase()}, 0)`;

/** Nobody else changes what waits for what, or finishes anything, until the transaction ends. */
export const lockDependencies = async (tx: Tx<ProjectContext>): Promise<void> => {
	await tx.db.execute(sql`select pg_advisory_xact_lock(${keyOf(tx, "dependencies")})`);
};

/** Nobody begins to wait for anything until the transaction ends. The query is on its way when the call returns. */
export const keepDependencies = async (tx: Tx<ProjectContext>): Promise<void> => {
	await tx.db.execute(sql`select pg_advisory_xact_lock_shared(${keyOf(tx, "dependencies")})`).execute();
};

/** Nobody else finishes what others wait for until the transaction ends. */
export const lockUnblocking = async (tx: Tx<ProjectContext>): Promise<void> => {
	await tx.db.execute(sql`select pg_advisory_xact_lock(${keyOf(tx, "unblocking")})`);
};
