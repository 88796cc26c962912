import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { type ApiAlone, startApiAlone } from "./support/api-alone.ts";
import { type CountingAgent, startCountingAgent } from "./support/counting-agent.ts";
import { withoutTimer } from "./support/database.ts";
import { postgres } from "./support/engine-under-test.ts";
import type { Person } from "./support/person.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";

const requestCount = 20;

let api: ApiAlone;
let person: Person;
let agent: CountingAgent;

beforeAll(async () => {
	api = await startApiAlone();
	person = api.person;
	agent = await startCountingAgent();
}, 120_000);

afterAll(async () => {
	await api?.[Symbol.asyncDispose]();
	await agent?.close();
});

const readiness = async () => {
	const response = await fetch(`${api.product.url}/ready`, { signal: AbortSignal.timeout(10_000) });
	return { status: response.status, body: (await response.json()) as { status: string; reasons: { problem: string; remedy: string }[] } };
};

const everyPage = async (requestId: string, nodeId: string): Promise<string[]> => {
	const project = `/projects/${person.projectId}`;
	const plans = await person.must<{ items: { id: string }[] }>("GET", `${project}/plans`);
	return [
		"/auth/session",
		"/projects",
		"/adapters",
		project,
		`${project}/plans`,
		`${project}/plans/${plans.items[0]?.id}`,
		`${project}/nodes/${nodeId}`,
		`${project}/agents`,
		`${project}/routes`,
		`${project}/integrations`,
		`${project}/requests`,
		`${project}/requests/${requestId}`,
		`${project}/deliveries`,
		`${project}/events`,
	];
};

test("without a worker every page answers, requests are kept, and all are delivered within 10 s of its return", async () => {
	const { agentId, nodeId } = await addRoutedAgent(person, agent.url);
	const body = { node_id: nodeId, question: "Are you there?", targets: [{ agent_id: agentId }] };
	const ids: string[] = [];
	for (let number = 0; number < requestCount; number += 1) {
		const reply = await person.request<{ id: string; status: string }>("POST", `/projects/${person.projectId}/requests`, body);
		expect(reply.status).toBe(202);
		expect(reply.body.status).toBe("queued");
		ids.push(reply.body.id);
	}
	for (const path of await everyPage(ids[0] ?? "", nodeId)) expect([path, (await person.request("GET", path)).status]).toEqual([path, 200]);

	const away = await readiness();
	expect(away.status).toBe(200);
	expect(away.body.status).toBe("degraded");
	expect(away.body.reasons.map(({ problem, remedy }) => `${problem} ${remedy}`).join("\n")).toMatch(/worker/i);
	expect(await withoutTimer(api.query)).toEqual([]);
	expect(agent.arrivals).toEqual([]);

	await api.startWorker(postgres);
	const returnedAt = Date.now();
	await eventually(
		"everything is delivered",
		() => new Set(agent.arrivals.map(({ agentRequestId }) => agentRequestId)).size === requestCount,
		10_000,
	);
	process.stdout.write(`${requestCount} kept requests were delivered ${Date.now() - returnedAt} ms after the worker's return\n`);
	expect(agent.byMessage().size).toBe(requestCount);
	expect(agent.arrivals).toHaveLength(requestCount);
	for (const id of ids)
		await eventually("the request is completed", async () => {
			const { request } = await person.must<{ request: { status: string } }>("GET", `/projects/${person.projectId}/requests/${id}`);
			return request.status === "completed";
		});
	await eventually("the api is ready again", async () => (await readiness()).body.status === "ready");
}, 120_000);

test("without its database the api refuses instead of losing, and comes back by itself", async () => {
	const { agentId, nodeId } = await addRoutedAgent(person, agent.url);
	const ask = () =>
		person.request<{ id: string; code?: string }>("POST", `/projects/${person.projectId}/requests`, {
			node_id: nodeId,
			question: "And now?",
			targets: [{ agent_id: agentId }],
		});
	api.wire.cut();
	for (let tries = 0; tries < 5; tries += 1) {
		const refused = await ask();
		expect([refused.status, refused.body.code]).toEqual([503, "unavailable"]);
	}
	expect((await readiness()).status).toBe(503);
	expect((await fetch(`${api.product.url}/health`)).status).toBe(200);

	api.wire.mend();
	const accepted = await eventually("a request is accepted again", async () => {
		const reply = await ask();
		return reply.status === 202 ? reply.body : null;
	});
	await eventually("it is answered", async () => {
		const { request } = await person.must<{ request: { status: string } }>("GET", `/projects/${person.projectId}/requests/${accepted.id}`);
		return request.status === "completed";
	});
	// What was refused left nothing behind.
	const rows = await api.query("select id from agent_requests where question = 'And now?'");
	expect(rows).toEqual([{ id: accepted.id }]);
}, 120_000);
