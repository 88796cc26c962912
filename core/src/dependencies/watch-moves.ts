import { sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { assertMayStandThere } from "./assert-no-circle.ts";
import { lockDependencies } from "./lock-dependencies.ts";
import { type ChangeStatus, releaseBlocked, watchWaiting } from "./watch-waiting.ts";

type Moved = { id: string; parentId: string | null };

/**
 * Before nodes are put under other ones, and before they are locked. Call what it returns with the moved nodes, in the same
 * transaction: it throws UnprocessableError where nodes have come to wait for each other in a circle, and unblocks what no longer waits.
 */
export const watchMoves = async (tx: Tx<ProjectContext>, nodeIds: readonly string[], changeStatus: ChangeStatus) => {
	await lockDependencies(tx);
	if (!(await hasAny(tx))) return async () => {};
	const unblock = await watchWaiting(tx, nodeIds, changeStatus);
	return async (moved: readonly Moved[]): Promise<void> => {
		for (const node of moved) await assertMayStandThere(tx, node);
		await unblock();
		await releaseBlocked(tx, nodeIds, changeStatus);
	};
};

const hasAny = async (tx: Tx<ProjectContext>): Promise<boolean> => {
	const { rows } = await tx.db.execute(
		sql`select from plan_node_dependencies where project_id = ${tx.projectId} order by upstream_id limit 1`,
	);
	return rows.length > 0;
};
