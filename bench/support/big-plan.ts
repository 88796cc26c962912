import { queryAt } from "@agentplanner/e2e/database";
import { signIn } from "@agentplanner/e2e/person";
import { startProduct } from "@agentplanner/e2e/product";
import pg from "pg";
import { type Client, openClient } from "./client.ts";

/** As many as the product's api. */
const poolSize = 10;

const phases = 40;
const tasksOfPhase = 50;
const partsOfTask = 4;
export const nodeCount = phases * (1 + tasksOfPhase * (1 + partsOfTask));
export const eventCount = 100_000;

/** The first of the product's keys for siblings: `a` and one digit. */
const key = (number: string) => `'a' || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', ${number}, 1)`;

const level = (kind: string, parents: string, children: number) => `
	insert into plan_nodes (project_id, plan_id, parent_id, kind, title, position)
	select project_id, plan_id, parent.id, '${kind}', '${kind} ' || number, ${key("number")}
	from (${parents}) parent, generate_series(1, ${children}) number returning project_id, plan_id, id`;

export type BigPlan = {
	projectId: string;
	planId: string;
	/** A second one of the same nodes, for what the bare side writes. */
	barePlanId: string;
	openClient(connections: number): Client;
	/** The same database, without a product in front of it. */
	bare: pg.Pool;
};

/** The product with a plan of so many nodes and events, put straight into its tables; no worker runs. */
export const startBigPlan = async (own: AsyncDisposableStack): Promise<BigPlan> => {
	const product = own.use(await startProduct({ engine: { name: "postgres" }, args: ["--no-worker"] }));
	const { databaseUrl } = product.running();
	const person = await signIn(product.url, product.login);
	const { projectId } = person;
	const query = queryAt(databaseUrl);
	const fillPlan = async (title: string): Promise<string> => {
		const { id } = await person.must<{ id: string }>("POST", `/projects/${projectId}/plans`, { title });
		await query(
			`with phase as (${level("phase", "select $1::uuid as project_id, $2::uuid as plan_id, null::uuid as id", phases)}),
				task as (${level("task", "select * from phase", tasksOfPhase)})
			${level("milestone", "select * from task", partsOfTask)}`,
			[projectId, id],
		);
		return id;
	};
	const planId = await fillPlan("Large");
	const barePlanId = await fillPlan("Bare");
	await query(
		`insert into events (project_id, plan_id, node_id, type, subject_type, subject_id, data, actor, position, hash)
		select project_id, plan_id, id, 'node.updated', 'node', id, jsonb_build_object('plan_id', plan_id, 'version', number),
			jsonb_build_object('type', 'user', 'name', 'Ada'), (select max(position) from events) + row_number() over (), '\\x00'
		from plan_nodes, generate_series(1, $2::int) number where plan_id = $1 limit $3`,
		[planId, Math.ceil(eventCount / nodeCount), eventCount],
	);
	await query("vacuum analyze plan_nodes, events");
	const bare = own.adopt(new pg.Pool({ connectionString: databaseUrl, max: poolSize }), (pool) => pool.end());
	return {
		projectId,
		planId,
		barePlanId,
		openClient: (connections) => own.adopt(openClient(product.url, connections, person.credentials), (client) => client.close()),
		bare,
	};
};
