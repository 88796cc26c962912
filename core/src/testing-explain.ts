import type { Database } from "@agentplanner/db";

type Query = { text: string; values: unknown[] };

/** One node of a plan as Postgres tells it. */
type Step = {
	"Node Type": string;
	"Relation Name"?: string;
	"Index Name"?: string;
	"Actual Rows"?: number;
	"Actual Loops"?: number;
	"Rows Removed by Filter"?: number;
	"Rows Removed by Index Recheck"?: number;
	Plans?: Step[];
};

/** The queries that are sent while `work` runs. Call it before the database is used, so that all its connections are heard. */
const createListener = ({ pool }: Database) => {
	let heard: Query[] | null = null;
	pool.on("connect", (client) => {
		const query = client.query.bind(client) as (...call: unknown[]) => unknown;
		client.query = ((...call: unknown[]) => {
			const [asked, values] = call as [{ text?: string; values?: unknown[] } | string, unknown[] | undefined];
			if (typeof asked === "object" && asked.text !== undefined) heard?.push({ text: asked.text, values: values ?? asked.values ?? [] });
			return query(...call);
		}) as typeof client.query;
	});
	return async (work: () => Promise<unknown>): Promise<Query[]> => {
		heard = [];
		await work();
		const queries = heard;
		heard = null;
		return queries;
	};
};

const stepsOf = (step: Step): Step[] => [step, ...(step.Plans ?? []).flatMap(stepsOf)];

const explainWith = async ({ pool }: Database, options: string, queries: Query[]): Promise<Step[]> => {
	const steps: Step[] = [];
	for (const { text, values } of queries) {
		const { rows } = await pool.query<{ "QUERY PLAN": [{ Plan: Step }] }>(`explain (${options}) ${text}`, values);
		for (const { "QUERY PLAN": plan } of rows) steps.push(...stepsOf(plan[0].Plan));
	}
	return steps;
};

/** For tests: how Postgres carries out the queries of a verb, as `Seq Scan on plan_nodes` or `Index Scan by plan_nodes_tree_index`. */
export const createExplainer = (db: Database) => {
	const listen = createListener(db);
	return async (work: () => Promise<unknown>): Promise<string[]> =>
		(await explainWith(db, "format json", await listen(work))).flatMap(
			({ "Node Type": type, "Relation Name": relation, "Index Name": index }) =>
				index !== undefined ? [`${type} by ${index}`] : relation !== undefined ? [`${type} on ${relation}`] : [],
		);
};

/** For tests: how many rows the queries of a verb that only reads look at, by table, whether they are used in the end or not. */
export const createRowCounter = (db: Database) => {
	const listen = createListener(db);
	return async (work: () => Promise<unknown>): Promise<Record<string, number>> => {
		const counts: Record<string, number> = {};
		for (const step of await explainWith(db, "analyze, timing off, buffers off, format json", await listen(work))) {
			const relation = step["Relation Name"];
			if (relation === undefined) continue;
			const each = (step["Actual Rows"] ?? 0) + (step["Rows Removed by Filter"] ?? 0) + (step["Rows Removed by Index Recheck"] ?? 0);
			counts[relation] = (counts[relation] ?? 0) + Math.round(each * (step["Actual Loops"] ?? 1));
		}
		return counts;
	};
};
