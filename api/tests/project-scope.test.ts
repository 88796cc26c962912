import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { furnish, type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
let eve: Owner;
let made: Awaited<ReturnType<typeof furnish>>;
let requestId: string;
let decisionId: string;
let goalId: string;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner("Ada");
	eve = await api.owner("Eve");
	made = await furnish(ada);
	requestId = (await ada.call("POST", `${ada.base}/requests`, { body: { node_id: made.node.id, question: "Ready?" } })).body.id;
	goalId = (await ada.call("POST", `${ada.base}/goals`, { body: { title: "Fewer calls" } })).body.id;
	decisionId = (await ada.call("POST", `${ada.base}/decisions`, { body: { node_id: made.node.id, question: "Ready?" } })).body.id;
});
afterAll(() => api.close());

/** Every endpoint below a project, with input that would do something. */
const calls = (base: string): [method: string, path: string, body?: unknown][] => {
	const { plan, node, agent, integration } = made;
	return [
		["GET", base],
		["POST", `${base}/select`],
		["GET", `${base}/plans`],
		["POST", `${base}/plans`, { title: "X" }],
		["GET", `${base}/plans/${plan.id}`],
		["PATCH", `${base}/plans/${plan.id}`, { title: "X" }],
		["POST", `${base}/plans/${plan.id}/nodes`, { title: "X" }],
		["GET", `${base}/plans/${plan.id}/export`],
		["POST", `${base}/plans/import`, { format: "markdown", content: "# X" }],
		["POST", `${base}/plans/import/preview`, { format: "markdown", content: "# X" }],
		["GET", `${base}/plans/${plan.id}/routes`],
		["PUT", `${base}/plans/${plan.id}/routes`, { routes: [] }],
		["GET", `${base}/nodes/${node.id}`],
		["PATCH", `${base}/nodes/${node.id}`, { title: "X" }],
		["PUT", `${base}/nodes/${node.id}/status`, { status: "blocked" }],
		["GET", `${base}/goals`],
		["POST", `${base}/goals`, { title: "X" }],
		["GET", `${base}/goals/${goalId}`],
		["PATCH", `${base}/goals/${goalId}`, { title: "X" }],
		["DELETE", `${base}/goals/${goalId}`],
		["POST", `${base}/goals/${goalId}/restore`],
		["POST", `${base}/goals/${goalId}/links`, { plan_id: plan.id }],
		["DELETE", `${base}/goals/${goalId}/links/${randomUUID()}`],
		["GET", `${base}/agents`],
		["POST", `${base}/agents`, { name: "X" }],
		["GET", `${base}/agents/${agent.id}`],
		["PATCH", `${base}/agents/${agent.id}`, { name: "X" }],
		["GET", `${base}/agents/${agent.id}/routes`],
		["PUT", `${base}/agents/${agent.id}/routes`, { routes: [] }],
		["GET", `${base}/routes`],
		["PUT", `${base}/routes`, { routes: [] }],
		["GET", `${base}/integrations`],
		["POST", `${base}/integrations`, { adapter: "webhook", name: "X", settings: { url: "https://x.example.org/" } }],
		["GET", `${base}/integrations/${integration.id}`],
		["PATCH", `${base}/integrations/${integration.id}`, { name: "X" }],
		["POST", `${base}/integrations/${integration.id}/test`],
		["POST", `${base}/integrations/${integration.id}/enable`],
		["POST", `${base}/integrations/${integration.id}/disable`],
		["GET", `${base}/requests`],
		["POST", `${base}/requests`, { node_id: node.id, question: "X" }],
		["POST", `${base}/requests/preview`, { node_id: node.id }],
		["GET", `${base}/requests/${requestId}`],
		["POST", `${base}/requests/${requestId}/cancel`],
		["POST", `${base}/requests/${requestId}/responses`, { type: "answer", text: "X" }],
		["POST", `${base}/requests/${requestId}/acknowledge`],
		["POST", `${base}/requests/${requestId}/progress`, { text: "X" }],
		["POST", `${base}/requests/${requestId}/replies`, { text: "X" }],
		["GET", `${base}/deliveries`],
		["GET", `${base}/decisions`],
		["POST", `${base}/decisions`, { node_id: node.id, question: "X" }],
		["GET", `${base}/decisions/${decisionId}`],
		["POST", `${base}/decisions/${decisionId}/decide`, { option_id: "approve" }],
		["POST", `${base}/decisions/${decisionId}/cancel`],
		["GET", `${base}/deliveries/${randomUUID()}`],
		["POST", `${base}/deliveries/${randomUUID()}/retry`],
		["GET", `${base}/events`],
	];
};

describe("projects keep to themselves", () => {
	test("a stranger finds none of a project's endpoints", async () => {
		for (const [method, path, body] of calls(ada.base))
			expect(await eve.call(method, path, { body }), `${method} ${path}`).toMatchObject({ status: 404, body: { code: "not_found" } });
	});

	test("a project that doesn't exist looks the same", async () => {
		const real = await eve.call("GET", ada.base);
		const none = await eve.call("GET", `/api/v1/projects/${randomUUID()}`);
		expect({ ...none.body, request_id: "" }).toEqual({ ...real.body, request_id: "" });
	});

	test("ids of another project are not found in one's own, in paths and in bodies", async () => {
		const withIds = calls(eve.base).filter(([, path]) => /[0-9a-f-]{36}\/.*[0-9a-f-]{36}/.test(path));
		expect(withIds.length).toBeGreaterThan(20);
		for (const [method, path, body] of withIds)
			expect(await eve.call(method, path, { body }), `${method} ${path}`).toMatchObject({ status: 404, body: { code: "not_found" } });

		const own = await furnish(eve);
		const { node, agent, integration } = made;
		const smuggled: [string, string, unknown][] = [
			["POST", `${eve.base}/requests`, { node_id: node.id, question: "X" }],
			["POST", `${eve.base}/requests`, { node_id: own.node.id, question: "X", targets: [{ agent_id: agent.id }] }],
			["POST", `${eve.base}/requests`, { node_id: own.node.id, question: "X", targets: [{ integration_id: integration.id }] }],
			["POST", `${eve.base}/requests/preview`, { node_id: node.id }],
			["POST", `${eve.base}/decisions`, { node_id: node.id, question: "X" }],
			["POST", `${eve.base}/decisions`, { node_id: own.node.id, question: "X", notify: [{ integration_id: integration.id }] }],
			["POST", `${eve.base}/plans/${own.plan.id}/nodes`, { title: "X", parent_id: node.id }],
			["PUT", `${eve.base}/routes`, { routes: [{ integration_id: integration.id }] }],
		];
		for (const [method, path, body] of smuggled)
			expect([404, 422], `${method} ${path} ${JSON.stringify(body)}`).toContain((await eve.call(method, path, { body })).status);
		expect((await eve.call("GET", `${eve.base}/requests?node_id=${node.id}`)).body.items).toEqual([]);
		expect((await eve.call("GET", `${eve.base}/events?subject_id=${node.id}`)).body.items).toEqual([]);
	});

	test("nothing of all that changed the project", async () => {
		expect((await ada.call("GET", `${ada.base}/plans/${made.plan.id}`)).body).toMatchObject({
			plan: { version: 1 },
			nodes: [{ version: 1 }],
		});
		expect((await ada.call("GET", `${ada.base}/requests`)).body.items).toHaveLength(1);
	});

	test("a viewer may read and not write", async () => {
		const vera = await api.signUp("Vera");
		await api.db.pool.query("insert into project_members (project_id, user_id, role) values ($1, $2, 'viewer')", [
			ada.project.id,
			vera.session.user.id,
		]);
		const changes = calls(ada.base).filter(([method, path]) => method !== "GET" && !/select$|preview$|deliveries/.test(path));
		for (const [method, path, body] of changes)
			expect(await vera.call(method, path, { body }), `${method} ${path}`).toMatchObject({ status: 403, body: { code: "forbidden" } });
		for (const [method, path] of calls(ada.base).filter(([verb, path]) => verb === "GET" && !/deliveries\//.test(path)))
			expect((await vera.call(method, path)).status, path).toBe(200);
	});
});
