import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { furnish, type Owner, startApi, type TestApi } from "./start-api.ts";

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
});
