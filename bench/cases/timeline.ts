import type { Case } from "../case.ts";
import { eventCount, startBigPlan } from "../support/big-plan.ts";
import { alternate, type Figure, type Figures, figuresOf, latencies, latencyKinds } from "../support/figures.ts";
import { closedLoop, times } from "../support/load.ts";

const pageSize = 50;

/** A page of a plan's timeline, at its top and halfway down, against the same events by bare SQL. */
export const timeline: Case = async ({ runs, quick }, own) => {
	const { projectId, planId, openClient, bare } = await startBigPlan(own);
	const client = openClient(1);
	const path = `/api/v1/projects/${projectId}/plans/${planId}/timeline?limit=${pageSize}`;
	const select = "select * from events where plan_id = $1 and position < $2 order by position desc limit $3";
	const found = await bare.query<{ count: number; top: string }>(
		"select count(*)::int as count, max(position) + 1 as top from events where plan_id = $1",
		[planId],
	);
	const { count = 0, top = "0" } = found.rows[0] ?? {};
	if (count < eventCount) throw new Error(`The plan has ${count} events instead of ${eventCount}.`);
	const run = async (read: () => Promise<unknown>): Promise<Figures> => latencies(await closedLoop(1, times(quick ? 50 : 300), read));

	const figures: Figure[] = [];
	let shown = 0;
	for (const [name, before] of [
		["newest page", Number(top)],
		["page in the middle", Number(top) - eventCount / 2],
	] as const) {
		const ofPage = name === "newest page" ? path : `${path}&cursor=${before}`;
		const { items } = JSON.parse(await client.call("GET", ofPage)) as { items: unknown[] };
		const { rows } = await bare.query(select, [planId, before, pageSize]);
		if (items.length !== pageSize || rows.length !== pageSize) throw new Error(`A page has ${items.length} items, bare ${rows.length}.`);
		shown += items.length;
		const measured = await alternate(
			{ ours: () => run(() => client.call("GET", ofPage)), bare: () => run(() => bare.query(select, [planId, before, pageSize])) },
			{ runs, warmUps: 1 },
		);
		figures.push(...figuresOf(measured, latencyKinds(name)));
	}
	return {
		title: "f. A timeline: GET /api/v1/projects/:projectId/plans/:planId/timeline",
		about: [`against the same ${pageSize} events by one bare query with pg, without the titles that a reader needs. One connection.`],
		figures,
		notes: [`${count} events stand on the plan's timeline; the two pages showed ${shown} of them.`],
	};
};
