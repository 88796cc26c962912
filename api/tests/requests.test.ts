import { randomUUID } from "node:crypto";
import { createReplyToken, dispatchRequest } from "@agentplanner/core";
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

const ask = async (owner = ada, { node, agent } = made) => {
	const reply = await owner.call("POST", `${owner.base}/requests`, {
		body: { node_id: node.id, question: "What is left to do?", targets: [{ agent_id: agent.id }] },
	});
	expect(reply).toMatchObject({ status: 202, body: { status: "queued", question: "What is left to do?", asked_by: "Ada" } });
	return { id: reply.body.id as string, path: `${owner.base}/requests/${reply.body.id}` };
};

/** As the worker would: with its deliveries, and the reply token of the first. */
const dispatched = async (owner = ada, furniture = made) => {
	const request = await ask(owner, furniture);
	await dispatchRequest({ ...api.core, projectId: owner.project.id }, request.id);
	const { rows } = await api.db.pool.query<{ id: string }>("select id from message_deliveries where agent_request_id = $1", [request.id]);
	const deliveryId = rows[0]?.id ?? "";
	return { ...request, deliveryId, token: createReplyToken(api.keys, deliveryId) };
};

const asAgent = (token: string, path: string, body?: unknown) =>
	api.caller().call("POST", path, { body, headers: { authorization: `Bearer ${token}` } });

const responses = async (id: string) => (await api.db.pool.query("select * from agent_responses where agent_request_id = $1", [id])).rows;

describe("a request", () => {
	test("is accepted with 202 and can be listed, read, filtered and paged", async () => {
		const first = await ask();
		const second = await ask();
		const page = await ada.call("GET", `${ada.base}/requests?limit=1&status=queued`);
		expect(page.body.items.map((item: { id: string }) => item.id)).toEqual([second.id]);
		const next = await ada.call("GET", `${ada.base}/requests?limit=1&status=queued&cursor=${page.body.next_cursor}`);
		expect(next.body.items.map((item: { id: string }) => item.id)).toEqual([first.id]);
		expect((await ada.call("GET", `${ada.base}/requests?node_id=${randomUUID()}`)).body.items).toEqual([]);
		const detail = await ada.call("GET", first.path);
		expect(detail).toMatchObject({ status: 200, body: { request: { id: first.id }, deliveries: [], responses: [], replies: [] } });
	});

	test("can be cancelled once", async () => {
		const { path } = await ask();
		expect(await ada.call("POST", `${path}/cancel`)).toMatchObject({ status: 200, body: { status: "cancelled" } });
		expect((await ada.call("POST", `${path}/cancel`)).status).toBe(409);
	});

	test("previews its context and destinations without making anything", async () => {
		const reply = await ada.call("POST", `${ada.base}/requests/preview`, {
			body: { node_id: made.node.id, targets: [{ agent_id: made.agent.id }] },
		});
		expect(reply).toMatchObject({ status: 200, body: { destinations: [{ adapter: "webhook", source: "agent" }], problem: null } });
	});

	test("shows its deliveries and their attempts once it is dispatched", async () => {
		const { path, deliveryId } = await dispatched();
		const { body } = await ada.call("GET", path);
		expect(body).toMatchObject({ request: { status: "dispatched" }, deliveries: [{ id: deliveryId, status: "queued", attempts: [] }] });
		expect((await ada.call("GET", `${ada.base}/deliveries/${deliveryId}`)).body).toMatchObject({ id: deliveryId });
		expect((await ada.call("GET", `${ada.base}/deliveries?status=queued`)).body.items.map((item: { id: string }) => item.id)).toContain(
			deliveryId,
		);
		expect((await ada.call("POST", `${ada.base}/deliveries/${deliveryId}/retry`)).status).toBeLessThan(500);
	});
});

describe("an agent with its reply token", () => {
	test("answers without cookie or CSRF token; the same answer twice is stored once", async () => {
		const { id, path, token } = await dispatched();
		const body = { type: "answer", text: "Nothing. **Ship it.**" };
		const first = await asAgent(token, `${path}/responses`, body);
		const second = await asAgent(token, `${path}/responses`, body);
		expect(first).toMatchObject({ status: 202, body: { response: { kind: "answer", text: body.text, outcome: "received" } } });
		expect(second.status).toBe(202);
		expect(second.body.response.id).toBe(first.body.response.id);
		expect(await responses(id)).toHaveLength(1);
	});

	test("ten identical answers at once are stored once", async () => {
		const { id, path, token } = await dispatched();
		const replies = await Promise.all(
			Array.from({ length: 10 }, () => asAgent(token, `${path}/responses`, { type: "answer", text: "Done", id: "a-1" })),
		);
		expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(202));
		expect(await responses(id)).toHaveLength(1);
	});

	test("says what it likes, as in its HTTP response: terminal colours and fields of its own are left out", async () => {
		const { id, path, token } = await dispatched();
		const body = { type: "answer", text: "\u001b[32mdone\u001b[0m\u0000 \ud800\u0007", id: "1", model: "x\u0000" };
		expect(await asAgent(token, `${path}/responses`, body)).toMatchObject({ status: 202, body: { response: { text: "done \ufffd" } } });
		expect((await asAgent(token, `${path}/progress`, { text: "\u001b[1m50 %\u001b[0m" })).body).toMatchObject({ progress: "50 %" });
		expect(await responses(id)).toHaveLength(1);
	});

	test("has room for 100,000 characters of any script; no more, and not blank ones", async () => {
		const { path, token } = await dispatched();
		for (const text of ["界".repeat(100_000), "😀".repeat(50_000)])
			expect((await asAgent(token, `${path}/responses`, { type: "answer", text })).status).toBe(202);
		for (const [status, text, id] of [
			[400, "x".repeat(100_001)],
			[400, " \n"],
			[422, "\u001b[0m \u0000"],
			[400, "x", "a\nb"],
			[422, "x", "\ud800"],
		])
			expect(await asAgent(token, `${path}/responses`, { type: "answer", text, id })).toMatchObject({
				status,
				body: { errors: [{ field: id === undefined ? "body.text" : "body.id" }] },
			});
		expect((await asAgent(token, `${path}/responses`, { type: "answer", text: "x".repeat(1024 * 1024) })).status).toBe(413);
	});

	test("acknowledges and says how far it is", async () => {
		const { path, token } = await dispatched();
		expect(await asAgent(token, `${path}/acknowledge`)).toMatchObject({ status: 200, body: { status: "working" } });
		expect(await asAgent(token, `${path}/progress`, { text: "Half way" })).toMatchObject({ status: 200, body: { progress: "Half way" } });
		expect(await asAgent(token, `${path}/responses`, { type: "working", text: "Nearly" })).toMatchObject({
			status: 202,
			body: { response: null, request_status: "working" },
		});
	});

	test("is heard also after the request has ended", async () => {
		const { id, path, token } = await dispatched();
		await ada.call("POST", `${path}/cancel`);
		expect(await asAgent(token, `${path}/responses`, { type: "answer", text: "Late" })).toMatchObject({
			status: 202,
			body: { request_status: "cancelled" },
		});
		expect(await responses(id)).toMatchObject([{ text: "Late" }]);
	});

	test("gets a 401 with a wrong token, for another request, in another project and at any other endpoint", async () => {
		const mine = await dispatched();
		const other = await dispatched();
		const eve = await api.owner("Ada");
		const hers = await dispatched(eve, await furnish(eve));
		const answer = { type: "answer", text: "X" };
		const forged = mine.token.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
		for (const [token, path] of [
			[forged, `${mine.path}/responses`],
			["rt_", `${mine.path}/responses`],
			[`rt_${"0".repeat(32)}.${"A".repeat(43)}`, `${mine.path}/responses`],
			[`rt_${"x".repeat(5_000)}`, `${mine.path}/responses`],
			["some-api-token", `${mine.path}/responses`],
			[mine.token, `${other.path}/responses`],
			[mine.token, `${hers.path}/responses`],
			[mine.token, `${eve.base}/requests/${mine.id}/responses`],
			[mine.token, `${mine.path}/replies`],
			[mine.token, `${mine.path}/cancel`],
			[mine.token, `${ada.base}/requests`],
			[mine.token, "/api/v1/projects"],
		] as const)
			expect(await asAgent(token, path, answer), `${token} ${path}`).toMatchObject({ status: 401, body: { code: "unauthorized" } });
		const reading = await api.caller().call("GET", mine.path, { headers: { authorization: `Bearer ${mine.token}` } });
		expect(reading.status).toBe(401);
		for (const { id } of [mine, other, hers]) expect(await responses(id)).toEqual([]);
	});

	test("a token beats the session that comes with it", async () => {
		const { path } = await dispatched();
		const reply = await ada.call("POST", `${path}/cancel`, { headers: { authorization: "Bearer rt_wrong" } });
		expect(reply.status).toBe(401);
	});
});
