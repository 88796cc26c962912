import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Case } from "../case.ts";
import { type BigPlan, startBigPlan } from "../support/big-plan.ts";
import { RefusedError } from "../support/client.ts";
import { alternate, type Figures, figuresOf, latencies, latencyKinds } from "../support/figures.ts";

const movesAtOnce = 1_000;

type Move = { nodeId: string; parentId: string };

/** Tasks of the plan, each with another phase to go to. */
const readMoves = async ({ bare }: BigPlan, planId: string): Promise<Move[]> => {
	const { rows } = await bare.query<{ id: string; kind: string; parent_id: string }>(
		"select id, kind, parent_id from plan_nodes where plan_id = $1 and kind in ('phase', 'task') order by id",
		[planId],
	);
	const phases = rows.filter(({ kind }) => kind === "phase").map(({ id }) => id);
	const tasks = rows.filter(({ kind }) => kind === "task").slice(0, movesAtOnce);
	return tasks.map(({ id, parent_id }) => ({
		nodeId: id,
		parentId: phases[(phases.indexOf(parent_id) + 1) % phases.length] ?? parent_id,
	}));
};

/** What a move can't do without: the plan's lock, a place among the siblings, the node, the event. */
const moveBare = async (pool: pg.Pool, { projectId, barePlanId: planId }: BigPlan, { nodeId, parentId }: Move): Promise<void> => {
	const client = await pool.connect();
	try {
		await client.query("begin");
		await client.query("select 1 from plans where id = $1 for update", [planId]);
		const { rows } = await client.query<{ first: string }>(
			"select min(position) as first from plan_nodes where plan_id = $1 and parent_id = $2",
			[planId, parentId],
		);
		await client.query("update plan_nodes set parent_id = $2, position = $3, version = version + 1, updated_at = now() where id = $1", [
			nodeId,
			parentId,
			rows[0]?.first,
		]);
		await client.query(
			`insert into events (project_id, plan_id, node_id, type, subject_type, subject_id, data, actor)
			values ($1, $2, $3, 'node.moved', 'node', $3, $4, '{}')`,
			[projectId, planId, nodeId, { plan_id: planId, to_parent_id: parentId }],
		);
		await client.query("commit");
	} catch (error) {
		await client.query("rollback");
		throw error;
	} finally {
		client.release();
	}
};

/** Moves within one plan, all sent at the same moment, against the least that locks and writes the same. */
export const moves: Case = async ({ runs }, own) => {
	const plan = await startBigPlan(own);
	const client = plan.openClient(movesAtOnce);
	const all = async (planId: string, move: (one: Move) => Promise<unknown>): Promise<Figures> => {
		const wanted = await readMoves(plan, planId);
		const begun = performance.now();
		const took = await Promise.all(wanted.map((one) => move(one).then(() => performance.now() - begun)));
		return { rate: (wanted.length * 1_000) / (performance.now() - begun), ...latencies(took) };
	};
	const countMoves = async () => {
		const { rows } = await plan.bare.query<{ moved: number }>(
			"select count(*)::int as moved from events where plan_id = any($1) and type = 'node.moved'",
			[[plan.planId, plan.barePlanId]],
		);
		return rows[0]?.moved ?? 0;
	};
	let busy = 0;
	// Whoever waits too long for a connection is told to come again: nothing was changed.
	const persist = async (send: () => Promise<unknown>): Promise<void> => {
		try {
			await send();
		} catch (error) {
			if (!(error instanceof RefusedError) || error.status !== 503) throw error;
			busy += 1;
			await sleep(250);
			await persist(send);
		}
	};
	const path = ({ nodeId }: Move) => `/api/v1/projects/${plan.projectId}/nodes/${nodeId}/move`;
	const measured = await alternate(
		{
			ours: () => all(plan.planId, (one) => persist(() => client.call("POST", path(one), { parent_id: one.parentId, after_id: null }))),
			bare: () => all(plan.barePlanId, (one) => moveBare(plan.bare, plan, one)),
		},
		{ runs, warmUps: 1 },
	);
	const moved = await countMoves();
	const expected = 2 * (runs + 1) * movesAtOnce;
	if (moved !== expected) throw new Error(`${moved} moves were recorded instead of ${expected}.`);
	return {
		title: `g. ${movesAtOnce} moves at once in one plan: POST /api/v1/projects/:projectId/nodes/:nodeId/move`,
		about: ["against one bare transaction each with pg: lock the plan, look for the place, update, insert the event. Sent in one moment."],
		figures: figuresOf(measured, { rate: { name: "rate", unit: "moves/s", better: "higher" }, ...latencyKinds("until it is done") }),
		notes: [`${moved} moves are on record, as many as were meant. Told to come again since the api was busy: ${busy} times.`],
	};
};
