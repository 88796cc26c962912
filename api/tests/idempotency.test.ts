import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { furnish, type Json, type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
let made: Awaited<ReturnType<typeof furnish>>;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
	made = await furnish(ada);
});
afterAll(() => api.close());

const count = async (table: string) => Number((await api.db.pool.query(`select count(*) from ${table}`)).rows[0].count);

describe("an Idempotency-Key", () => {
	test("gives a repeat the same answer and makes one row, on every POST that creates", async () => {
		const creating: [path: string, table: string, body: Record<string, unknown>][] = [
			["/api/v1/projects", "projects", { name: "Again" }],
			[`${ada.base}/plans`, "plans", { title: "Again" }],
			[`${ada.base}/plans/${made.plan.id}/nodes`, "plan_nodes", { title: "Again" }],
			[`${ada.base}/agents`, "agents", { name: "Again" }],
			[
				`${ada.base}/integrations`,
				"messaging_integrations",
				{ adapter: "webhook", name: "Again", settings: { url: "https://x.example.org/" } },
			],
			[`${ada.base}/requests`, "agent_requests", { node_id: made.node.id, question: "Again?" }],
			[`${ada.base}/decisions`, "decision_requests", { node_id: made.node.id, question: "Again?" }],
		];
		for (const [path, table, body] of creating) {
			const headers = { "idempotency-key": `key of ${table}` };
			const first = await ada.call("POST", path, { body, headers });
			const rows = await count(table);
			const second = await ada.call("POST", path, { body: Object.fromEntries(Object.entries(body).reverse()), headers });
			expect(second.status, path).toBe(first.status);
			expect(second.body, path).toEqual(first.body);
			expect(await count(table), path).toBe(rows);

			const field = Object.keys(body).find((key) => ["name", "title", "question"].includes(key)) ?? "";
			const other = await ada.call("POST", path, { body: { ...body, [field]: "Different" }, headers });
			expect(other, path).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
			expect(await count(table), path).toBe(rows);
		}
	});

	test("makes one of ten at once, and all ten get its answer", async () => {
		const replies = await Promise.all(
			Array.from({ length: 10 }, () =>
				ada.call("POST", `${ada.base}/requests`, {
					body: { node_id: made.node.id, question: "Ten at once?" },
					headers: { "idempotency-key": "ten" },
				}),
			),
		);
		expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(202));
		expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
		const { rows } = await api.db.pool.query("select 1 from agent_requests where question = 'Ten at once?'");
		expect(rows).toHaveLength(1);
	});

	test("keeps nothing that is shown once: a repeat is refused, and makes no second one", async () => {
		for (const [path, table, body] of [
			["tokens", "api_tokens", { name: "Once", scopes: ["plans:read"] }],
			["invitations", "invitations", { email: "once@example.org", role: "viewer" }],
		] as const) {
			const send = () => ada.call("POST", `${ada.base}/${path}`, { body, headers: { "idempotency-key": `once ${path}` } });
			expect((await send()).body.token).toEqual(expect.any(String));
			const rows = await count(table);
			const again = await send();
			expect(again, path).toMatchObject({ status: 409, body: { code: "conflict" } });
			expect(JSON.stringify(again.body)).toContain("only once");
			expect(await count(table), path).toBe(rows);
			const { rows: kept } = await api.db.pool.query("select reply from idempotency_keys where key = $1", [`once ${path}`]);
			expect(kept).toEqual([{ reply: null }]);
		}
	});

	test("is each person's own, and each path's", async () => {
		const eve = await api.owner("Eve");
		const headers = { "idempotency-key": "shared" };
		const mine = await ada.call("POST", `${ada.base}/plans`, { body: { title: "Mine" }, headers });
		expect((await eve.call("POST", `${eve.base}/plans`, { body: { title: "Hers" }, headers })).status).toBe(201);
		expect((await ada.call("POST", `${ada.base}/agents`, { body: { name: "Mine" }, headers })).status).toBe(422);
		expect(mine.status).toBe(201);
	});

	test("is not used up by a request that was refused", async () => {
		const headers = { "idempotency-key": "refused first" };
		const refused = await ada.call("POST", `${ada.base}/plans/${made.node.id}/nodes`, { body: { title: "X" }, headers });
		expect(refused.status).toBe(404);
		expect((await ada.call("POST", `${ada.base}/plans/${made.plan.id}/nodes`, { body: { title: "X" }, headers })).status).toBe(201);
	});

	test("gives a member who was removed nothing, on any POST that creates", async () => {
		const bob = await api.signUp("Bob");
		const { id: userId, email } = bob.session.user;
		await ada.call("POST", `${ada.base}/members`, { body: { email, role: "owner" } });
		const asked = (await ada.call("POST", `${ada.base}/requests`, { body: { node_id: made.node.id, question: "Kept?" } })).body;
		const other = (await ada.call("POST", `${ada.base}/plans/${made.plan.id}/nodes`, { body: { title: "Other" } })).body;
		const settings = { url: "https://x.example.org/" };
		const bodies: Record<string, Record<string, unknown>> = {
			"plans.createPlan": { title: "Kept" },
			"plans.createNode": { title: "Kept" },
			"plans.duplicatePlan": { title: "Kept" },
			"sharing.addCollaborator": { email: (await api.signUp("Eve")).session.user.email, role: "viewer" },
			"dependencies.addDependency": { relation: "relates_to", node_id: other.id },
			"documents.importPlan": { format: "markdown", content: "# Kept" },
			"goals.createGoal": { title: "Kept" },
			"comments.createNodeComment": { text: "Kept" },
			"comments.createPlanComment": { text: "Kept" },
			"logs.createLog": { kind: "progress", text: "Kept" },
			"claims.claimNode": {},
			"claims.claimNext": { plan_id: made.plan.id },
			"agents.createAgent": { name: "Kept" },
			"integrations.createIntegration": { adapter: "webhook", name: "Kept", settings },
			"requests.createRequest": { node_id: made.node.id, question: "Kept?" },
			"decisions.createDecision": { node_id: made.node.id, question: "Kept?" },
			"requests.respondToRequest": { type: "answer", text: "Kept" },
			"messages.sendMessage": { to: { integration_id: made.integration.id }, text: "Kept" },
			"subscriptions.createSubscription": { name: "Kept", integration_id: made.integration.id, types: ["*"] },
			"members.addMember": { email: (await api.signUp("Cid")).session.user.email, role: "owner" },
			"members.createInvitation": { email: "dan@example.org", role: "owner" },
			"tokens.createToken": { name: "Kept", scopes: ["plans:read"] },
		};
		const { body: document } = await ada.call("GET", "/api/openapi.json");
		const creating = Object.entries<Json>(document.paths).flatMap(([path, { post }]) =>
			path.includes("{projectId}") && post?.parameters?.some((parameter: Json) => parameter.name === "idempotency-key")
				? [{ name: post.operationId as string, path: path as string }]
				: [],
		);
		// A reply needs an agent that asked back, an edited copy a message that gave up; both are authorized as asking is.
		expect(
			creating
				.map(({ name }) => name)
				.filter((name) => !["requests.replyToAgent", "deadLetters.editAndReplay"].includes(name))
				.sort(),
		).toEqual(Object.keys(bodies).sort());
		const ids: Record<string, string> = { projectId: ada.project.id, planId: made.plan.id, nodeId: made.node.id, requestId: asked.id };
		const send = (name: string, path: string) =>
			bob.call("POST", `/api/v1${path.replace(/\{(\w+)\}/g, (_, key: string) => ids[key] ?? "")}`, {
				body: bodies[name],
				headers: { "idempotency-key": `kept ${name}` },
			});
		const known = creating.filter(({ name }) => name in bodies);
		for (const { name, path } of known) expect((await send(name, path)).status, name).toBeLessThan(300);
		expect((await ada.call("DELETE", `${ada.base}/members/${userId}`)).status).toBe(200);
		for (const { name, path } of known) expect((await send(name, path)).body.code, name).toBe("not_found");
	});
});
