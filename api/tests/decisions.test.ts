import { randomUUID } from "node:crypto";
import { decisionPath } from "@agentplanner/contracts";
import { stampEvents } from "@agentplanner/core";
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

const request = async (overrides: object = {}, headers: Record<string, string> = {}) => {
	const body = { node_id: made.node.id, question: "Publish it?", ...overrides };
	const reply = await ada.call("POST", `${ada.base}/decisions`, { body, headers });
	return { ...reply, path: `${ada.base}/decisions/${reply.body.id}` };
};

describe("a decision", () => {
	test("is requested, listed, read and decided; it says who decided, and where", async () => {
		const { status, body, path } = await request();
		expect([status, body.status, body.asked_by]).toEqual([201, "pending", "Ada"]);
		expect((await ada.call("GET", `${ada.base}/decisions?node_id=${made.node.id}&status=pending`)).body.items).toContainEqual(body);
		const decided = await ada.call("POST", `${path}/decide`, { body: { option_id: "approve", comment: "Go ahead." } });
		expect(decided).toMatchObject({ status: 200, body: { status: "decided", option_id: "approve", closed_by: "Ada", closed_via: "web" } });
		expect((await ada.call("GET", path)).body).toEqual({ decision: decided.body, deliveries: [] });
		// The log shows what the stamper has numbered.
		while (await stampEvents(api.db));
		const audited = (await ada.call("GET", `${ada.base}/audit?order=newest`)).body.items;
		expect(audited.find((entry: { subject_id: string }) => entry.subject_id === body.id)).toMatchObject({
			type: "decision.decided",
			actor: { name: "Ada" },
			data: { option_id: "approve", option: "Approve", via: "web" },
		});
	});

	test("is made once under one Idempotency-Key", async () => {
		const key = { "idempotency-key": randomUUID() };
		const [first, second] = [await request({}, key), await request({}, key)];
		expect(second.body).toEqual(first.body);
		expect((await request({ question: "Another?" }, key)).status).toBe(422);
	});

	test("is decided by one surface: the other hears who was first", async () => {
		const { path } = await request();
		const { token } = (await ada.call("POST", `${ada.base}/tokens`, { body: { name: "CI", scopes: ["decisions:decide"] } })).body;
		const byScript = await api
			.caller()
			.call("POST", `${path}/decide`, { body: { option_id: "reject" }, headers: { authorization: `Bearer ${token}` } });
		expect(byScript).toMatchObject({ status: 200, body: { closed_by: "Ada (CI)", closed_via: "api" } });
		const detail = "This is no longer open. Decided by Ada (CI) via the API: Reject.";
		for (const act of ["decide", "cancel"])
			expect(await ada.call("POST", `${path}/${act}`, { body: act === "decide" ? { option_id: "approve" } : undefined })).toMatchObject({
				status: 409,
				body: { code: "conflict", detail },
			});
	});

	test("is never decided by a GET, nor by opening the link to it", async () => {
		const { body, path } = await request();
		const link = decisionPath({ projectId: ada.project.id, planId: made.plan.id, nodeId: made.node.id, decisionId: body.id });
		expect((await ada.call("GET", `${path}/decide?option_id=approve`)).status).toBe(405);
		expect((await fetch(`${api.url}${link}`)).status).toBe(200);
		expect((await ada.call("GET", path)).body.decision.status).toBe("pending");
	});

	test.each([
		["no question", 400, { question: " " }, "body.question"],
		["one option", 400, { options: [{ id: "yes", label: "Yes" }] }, "body.options"],
		[
			"two options of one name",
			422,
			{
				options: [
					{ id: "yes", label: "Yes" },
					{ id: "no", label: "Yes" },
				],
			},
			"body.options",
		],
		[
			"an id that is no id",
			400,
			{
				options: [
					{ id: "Yes!", label: "Yes" },
					{ id: "no", label: "No" },
				],
			},
			"body.options.0.id",
		],
		["a rule that is none", 400, { on_expiry: "explode" }, "body.on_expiry"],
	])("with %s is a %i that names the field", async (_, status, overrides, field) => {
		expect(await request(overrides)).toMatchObject({ status, body: { errors: [{ field }] } });
	});
});
