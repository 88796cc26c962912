import type { Database } from "@agentplanner/db";

type Query = { text: string; values: unknown[] };

/** One node of a plan as Postgres tells it. */
type Step = { "Node Type": string; "Relation Name"?: string; "Index Name"?: string; Plans?: Step[] };

/**
 * For tests: how Postgres carries out the queries of a verb, as `Seq Scan on plan_nodes` or `Index Scan by plan_nodes_tree_index`.
 * Call it before the database is used, so that all its connections are heard.
 */
export const createExplainer = ({ pool }: Database) => {
	let heard: Query[] | null = null;
	pool.on("connect", (client) => {
		const query = client.query.bind(client) as (...call: unknown[]) => unknown;
		client.query = ((...call: unknown[]) => {
			const [asked, values] = call as [{ text?: string; values?: unknown[] } | string, unknown[] | undefined];
			if (typeof asked === "object" && asked.text !== undefined) heard?.push({ text: asked.text, values: values ?? asked.values ?? [] });
			return query(...call);
		}) as typeof client.query;
	});

	return async (work: () => Promise<unknown>): Promise<string[]> => {
		heard = [];
		await work();
		const queries = heard;
		heard = null;
		const plans: string[] = [];
		for (const { text, values } of queries) {
			const { rows } = await pool.query<{ "QUERY PLAN": [{ Plan: Step }] }>(`explain (format json) ${text}`, values);
			for (const { "QUERY PLAN": plan } of rows) plans.push(...stepsOf(plan[0].Plan));
		}
		return plans;
	};
};

const stepsOf = (step: Step): string[] => {
	const { "Node Type": type, "Relation Name": relation, "Index Name": index, Plans = [] } = step;
	const own = index !== undefined ? [`${type} by ${index}`] : relation !== undefined ? [`${type} on ${relation}`] : [];
	return [...own, ...Plans.flatMap(stepsOf)];
};
