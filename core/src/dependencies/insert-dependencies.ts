import { planNodeDependencies, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { portions } from "../plans/portions.ts";
import { blockersOf } from "./finished.ts";
import type { InnerDependency } from "./read-inner-dependencies.ts";

/**
 * Links the nodes of a plan that is being made, so that nobody else could link them, too. That there is no circle in them is for the
 * caller to see to. What of them is blocked and waits goes on by itself later, as if it were said now.
 */
export const insertDependencies = async (tx: Tx<ProjectContext>, planId: string, dependencies: InnerDependency[]): Promise<void> => {
	if (dependencies.length === 0) return;
	const rows = dependencies.map((dependency) => ({ projectId: tx.projectId, ...dependency }));
	for (const some of portions(rows)) await tx.db.insert(planNodeDependencies).values(some);
	await tx.db.execute(sql`
		update plan_nodes set blocked_by = 'dependency', blocked_from = 'not_started'
		where project_id = ${tx.projectId} and plan_id = ${planId} and status = 'blocked' and exists (${blockersOf("plan_nodes")})`);
};
