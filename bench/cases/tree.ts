import type { Case } from "../case.ts";
import { nodeCount, startBigPlan } from "../support/big-plan.ts";
import { alternate, type Figures, figuresOf, latencies, latencyKinds } from "../support/figures.ts";
import { closedLoop, times } from "../support/load.ts";

/** A plan with all its nodes in one GET, against the rows of the same nodes by bare SQL. */
export const tree: Case = async ({ runs, quick }, own) => {
	const { projectId, planId, openClient, bare } = await startBigPlan(own);
	const client = openClient(1);
	const path = `/api/v1/projects/${projectId}/plans/${planId}`;
	const body = await client.call("GET", path);
	const { nodes } = JSON.parse(body) as { nodes: unknown[] };
	const select = "select * from plan_nodes where plan_id = $1 order by parent_id nulls first, position, id";
	const { rows } = await bare.query(select, [planId]);
	if (nodes.length !== nodeCount || rows.length !== nodeCount)
		throw new Error(`The plan has ${nodeCount} nodes, the product shows ${nodes.length} of them and the table ${rows.length}.`);
	const run = async (read: () => Promise<unknown>): Promise<Figures> => latencies(await closedLoop(1, times(quick ? 5 : 20), read));
	const measured = await alternate(
		{ ours: () => run(() => client.call("GET", path)), bare: () => run(() => bare.query(select, [planId])) },
		{ runs, warmUps: 1 },
	);
	return {
		title: `e. A tree of ${nodeCount} nodes: GET /api/v1/projects/:projectId/plans/:planId`,
		about: ["against the same rows by one bare query with pg, in order. One connection."],
		figures: figuresOf(measured, latencyKinds("whole tree")),
		notes: [`${nodes.length} nodes came as ${(Buffer.byteLength(body) / 2 ** 20).toFixed(1)} MiB of JSON.`],
	};
};
