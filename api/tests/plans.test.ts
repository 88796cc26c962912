import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterAll(() => api.close());

/** A phase with two tasks. */
const buildPlan = async () => {
	const plan = (await ada.call("POST", `${ada.base}/plans`, { body: { title: "Launch" } })).body;
	const add = async (body: object) => (await ada.call("POST", `${ada.base}/plans/${plan.id}/nodes`, { body })).body;
	const phase = await add({ title: "Phase", kind: "phase" });
	const [first, second] = [await add({ title: "First", parent_id: phase.id }), await add({ title: "Second", parent_id: phase.id })];
	return { plan, phase, first, second };
};
const move = (nodeId: string, body: unknown, headers: Record<string, string> = {}) =>
	ada.call("POST", `${ada.base}/nodes/${nodeId}/move`, { body, headers });

describe("moving a node", () => {
	test("answers with the node in its new place, its version, and the tree in the new order", async () => {
		const { plan, phase, first, second } = await buildPlan();
		const reply = await move(second.id, { parent_id: phase.id, after_id: null }, { "if-match": '"1"' });
		expect(reply).toMatchObject({ status: 200, body: { id: second.id, parent_id: phase.id, version: 2 } });
		expect(reply.headers.get("etag")).toBe('"2"');
		const { nodes } = (await ada.call("GET", `${ada.base}/plans/${plan.id}`)).body;
		expect(nodes.map(({ id }: { id: string }) => id)).toEqual([phase.id, second.id, first.id]);
	});

	test("at a version that is no longer, is refused with 412 and moves nothing", async () => {
		const { phase, second } = await buildPlan();
		const { change_id: _, ...before } = second;
		const stale = { "if-match": '"7"' };
		expect(await move(second.id, { parent_id: phase.id, after_id: null }, stale)).toMatchObject({ status: 412 });
		expect((await ada.call("GET", `${ada.base}/nodes/${second.id}`)).body).toEqual(before);
	});

	test("needs a whole place: parent and sibling, each an id or null", async () => {
		const { first, phase } = await buildPlan();
		for (const [body, field] of [
			[{ parent_id: phase.id }, "body.after_id"],
			[{ after_id: null }, "body.parent_id"],
			[{ parent_id: "top", after_id: null }, "body.parent_id"],
		])
			expect(await move(first.id, body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
		expect((await move(first.id, { parent_id: null, after_id: null, plan_id: randomUUID() })).status).toBe(400);
	});

	test("under what is below it, is refused with 422 and the field that is wrong", async () => {
		const { phase, first } = await buildPlan();
		expect(await move(phase.id, { parent_id: first.id, after_id: null })).toMatchObject({
			status: 422,
			body: { code: "unprocessable", errors: [{ field: "body.parent_id" }], detail: expect.stringContaining("under itself") },
		});
	});
});
