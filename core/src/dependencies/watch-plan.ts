import { sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { type ChangeStatus, watchWaiting } from "./watch-waiting.ts";

/** The same as `watchWaiting` before a whole plan is deleted: what other plans wait for in it. */
export const watchPlan = async (tx: Tx<ProjectContext>, planId: string, changeStatus: ChangeStatus) => {
	const { rows } = await tx.db.execute<{ id: string }>(sql`
		select distinct upstream.id from plan_nodes upstream
		join plan_node_dependencies dependency
			on dependency.project_id = upstream.project_id and dependency.upstream_id = upstream.id and dependency.kind = 'blocks'
		join plan_nodes downstream on downstream.id = dependency.downstream_id and downstream.plan_id <> upstream.plan_id
		where upstream.project_id = ${tx.projectId} and upstream.plan_id = ${planId}`);
	return watchWaiting(
		tx,
		rows.map(({ id }) => id),
		changeStatus,
	);
};
