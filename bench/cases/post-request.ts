import { queryAt, type Rows } from "@agentplanner/e2e/database";
import { type Person, signIn } from "@agentplanner/e2e/person";
import { startProduct } from "@agentplanner/e2e/product";
import type { Case } from "../case.ts";
import { copyRows, createBareDatabase, migrateBareDatabase } from "../support/bare-database.ts";
import { startBare } from "../support/bare-process.ts";
import { type Client, openClient } from "../support/client.ts";
import { alternate, type Figure, type Figures, figuresOf, latencies, latencyKinds } from "../support/figures.ts";
import { closedLoop, forTime } from "../support/load.ts";
import { processorMs } from "../support/process.ts";

const concurrencies = [1, 8, 32];

/** Whom a request belongs to, parents first. */
const surroundings = ["users", "projects", "project_members", "user_sessions", "plans", "plan_nodes"];

const createNode = async (person: Person): Promise<{ planId: string; nodeId: string }> => {
	const project = `/projects/${person.projectId}`;
	const plan = await person.must<{ id: string }>("POST", `${project}/plans`, { title: "Measured" });
	const node = await person.must<{ id: string }>("POST", `${project}/plans/${plan.id}/nodes`, { title: "Answer many questions" });
	return { planId: plan.id, nodeId: node.id };
};

/** What one ask leaves behind. */
const countRows = async (query: Rows): Promise<Record<string, number>> => {
	const [row] = await query<Record<string, number>>(`
		select (select count(*)::int from agent_requests) as agent_requests,
			(select count(*)::int from timers where type like 'agent.request.%') as timers,
			(select count(*)::int from events where type = 'agent.request.created') as events,
			(select count(*)::int from outbox where type = 'agent.request.created') as outbox`);
	return row ?? {};
};

const assertRows = (side: string, rows: Record<string, number>, asked: number): void => {
	const expected = JSON.stringify({ agent_requests: asked, timers: 2 * asked, events: asked, outbox: asked });
	if (JSON.stringify(rows) !== expected)
		throw new Error(`After ${asked} asks ${side} has ${JSON.stringify(rows)} instead of ${expected}: the sides don't do the same.`);
};

/** POST …/requests against the least that writes the same rows: Express, pg, a session, one transaction. No worker runs meanwhile. */
export const postRequest: Case = async ({ runs, quick }, own) => {
	const product = own.use(await startProduct({ engine: { name: "postgres", env: {} }, args: ["--no-worker"] }));
	const { databaseUrl } = product.running();
	const person = await signIn(product.url, product.login);
	const { planId, nodeId } = await createNode(person);
	const ourQuery = queryAt(databaseUrl);
	const bareDatabase = await createBareDatabase(databaseUrl, "bench_express");
	await migrateBareDatabase(bareDatabase);
	await copyRows(ourQuery, bareDatabase.query, surroundings);
	const bare = own.use(await startBare("express-api", { DATABASE_URL: bareDatabase.url }));

	const asked = { ours: 0, bare: 0 };
	const pids = { ours: [product.running().services.api?.pid ?? 0], bare: [bare.pid] };
	const run = async (side: keyof typeof asked, client: Client, connections: number, path: string, body: object): Promise<Figures> => {
		const cpuBefore = processorMs(pids[side]);
		const begun = performance.now();
		const took = await closedLoop(connections, forTime(quick ? 1_000 : 3_000), () => client.post(path, body));
		const rate = (took.length * 1_000) / (performance.now() - begun);
		asked[side] += took.length;
		return { rate, ...latencies(took), cpu: (processorMs(pids[side]) - cpuBefore) / took.length };
	};

	const figures: Figure[] = [];
	for (const connections of concurrencies) {
		await using clients = new AsyncDisposableStack();
		const ourClient = clients.adopt(openClient(product.url, connections, person.credentials), (client) => client.close());
		const bareClient = clients.adopt(openClient(bare.url, connections, person.credentials), (client) => client.close());
		const question = "How long does it take to write this down?";
		const ourPath = `/api/v1/projects/${person.projectId}/requests`;
		const bareBody = { project_id: person.projectId, plan_id: planId, node_id: nodeId, question };
		const measured = await alternate(
			{
				ours: () => run("ours", ourClient, connections, ourPath, { node_id: nodeId, question }),
				bare: () => run("bare", bareClient, connections, "/requests", bareBody),
			},
			{ runs, warmUps: 1 },
		);
		const prefix = `${connections} connection${connections === 1 ? "" : "s"}`;
		figures.push(
			...figuresOf(measured, {
				rate: { name: `${prefix}, rate`, unit: "req/s", better: "higher" },
				...latencyKinds(prefix),
				cpu: { name: `${prefix}, processor`, unit: "ms/req", better: "lower" },
			}),
		);
	}

	assertRows("the product", await countRows(ourQuery), asked.ours);
	assertRows("the baseline", await countRows(bareDatabase.query), asked.bare);
	return {
		title: "a. Asking: POST /api/v1/projects/:projectId/requests",
		about: ["against bare Express 5 + pg: one session query, one transaction with the same rows. No worker runs."],
		figures,
		notes: [
			`Rows counted afterwards: ${asked.ours} asks and ${asked.bare} bare ones left 1 request, 2 timers, 1 event and 1 outbox row each.`,
		],
	};
};
