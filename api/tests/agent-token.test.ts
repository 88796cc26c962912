import { dispatchRequest, stampEvents } from "@agentplanner/core";
import { eq, messageDeliveries } from "@agentplanner/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallOptions, furnish, type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
let made: Awaited<ReturnType<typeof furnish>>;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
	made = await furnish(ada);
});
afterAll(() => api.close());

/** An agent of the project, calling with its own token. */
const agentWithToken = async (agentId: string) => {
	const scopes = ["plans:read", "plans:work", "requests:read", "requests:answer", "decisions:read", "decisions:create"];
	const { token } = (await ada.call("POST", `${ada.base}/tokens`, { body: { name: "Agent", agent_id: agentId, scopes } })).body;
	const caller = api.caller();
	return (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
		caller.call(method, `${ada.base}${path}`, { body, headers: { "x-api-key": token, ...headers } } satisfies CallOptions);
};
const newAgent = async (name: string) => {
	const { body } = await ada.call("POST", `${ada.base}/agents`, { body: { name, capabilities: ["copy", "English"] } });
	return { agent: body, call: await agentWithToken(body.id) };
};
const newNode = async () => (await ada.call("POST", `${ada.base}/plans/${made.plan.id}/nodes`, { body: { title: "Write" } })).body;

describe("an agent with its own token", () => {
	test("finds out who it is, and says that it is there", async () => {
		const { agent, call } = await newAgent("Who");
		expect((await call("GET", "/agents/me")).body).toMatchObject({ id: agent.id, capabilities: ["copy", "English"], presence: null });
		expect((await call("POST", "/agents/me/heartbeat", { interval_seconds: 20 })).body).toMatchObject({
			presence: "idle",
			heartbeat_seconds: 20,
		});
		expect((await call("POST", "/agents/me/heartbeat", { interval_seconds: 4 })).body.errors).toMatchObject([
			{ field: "body.interval_seconds" },
		]);
	});

	test("claims a node, which another one can't then: 409 with who and until when", async () => {
		const [writer, other] = [await newAgent("Writer"), await newAgent("Other")];
		const node = await newNode();
		const claimed = await writer.call("POST", `/nodes/${node.id}/claims`, { lease_seconds: 60 });
		expect(claimed).toMatchObject({ status: 201, body: { fence: 1, holder: { name: "Writer", agent_id: writer.agent.id } } });
		const detail = `This task is held by Writer until ${claimed.body.lease_until}. Wait until then, or take another one.`;
		expect(await other.call("POST", `/nodes/${node.id}/claims`, {})).toMatchObject({
			status: 409,
			body: { code: "conflict", detail, errors: [{ field: "params.nodeId" }] },
		});
		expect((await ada.call("GET", `${ada.base}/claims?node_id=${node.id}`)).body.items).toEqual([claimed.body]);
		expect(await other.call("PUT", `/nodes/${node.id}/status`, { status: "completed" }, { "claim-fence": "1" })).toMatchObject({
			status: 409,
			body: { errors: [{ field: "headers.claim-fence" }] },
		});
		expect(await writer.call("PUT", `/nodes/${node.id}/status`, { status: "completed" }, { "claim-fence": "one" })).toMatchObject({
			status: 400,
		});
		const done = await writer.call("PUT", `/nodes/${node.id}/status`, { status: "completed" }, { "claim-fence": "1" });
		expect(done).toMatchObject({ status: 200, body: { status: "completed" } });
		expect((await ada.call("GET", `${ada.base}/claims`)).body.items).toEqual([]);
	});

	test("gets the same claim again under one Idempotency-Key", async () => {
		const { call } = await newAgent("Twice");
		const node = await newNode();
		const ask = () => call("POST", `/nodes/${node.id}/claims`, {}, { "idempotency-key": "once" });
		expect((await ask()).body).toEqual((await ask()).body);
	});

	test.each([4, 3601, 7.5])("can't claim for %d seconds", async (lease_seconds) => {
		const { call } = await newAgent(`Lease ${lease_seconds}`);
		expect(await call("POST", `/nodes/${made.node.id}/claims`, { lease_seconds })).toMatchObject({
			status: 400,
			body: { errors: [{ field: "body.lease_seconds" }] },
		});
	});

	test("reads, acknowledges, reports on and answers what it was asked, and asks for a decision in it", async () => {
		const call = await agentWithToken(made.agent.id);
		const body = { node_id: made.node.id, question: "Ready?", targets: [{ agent_id: made.agent.id }] };
		const { id } = (await ada.call("POST", `${ada.base}/requests`, { body })).body;
		await dispatchRequest({ ...api.core, projectId: ada.project.id }, id);
		await api.db.orm.update(messageDeliveries).set({ status: "delivered" }).where(eq(messageDeliveries.agentRequestId, id));
		expect((await call("GET", "/requests")).body.items).toMatchObject([{ id, question: "Ready?" }]);
		expect((await call("POST", `/requests/${id}/acknowledge`)).body).toMatchObject({ status: "working" });
		expect((await call("POST", `/requests/${id}/progress`, { text: "Half" })).body).toMatchObject({ progress: "Half" });
		expect((await call("POST", "/agents/me/heartbeat", {})).body).toMatchObject({ presence: "live" });
		const asked = await call("POST", "/decisions", { node_id: made.node.id, agent_request_id: id, question: "Ship it?" });
		expect(asked).toMatchObject({ status: 201, body: { status: "pending" } });
		expect((await call("GET", `/decisions/${asked.body.id}`)).body.decision).toMatchObject({ question: "Ship it?" });
		expect(await call("POST", `/requests/${id}/responses`, { type: "answer", text: "Yes." })).toMatchObject({ status: 202 });
		while (await stampEvents(api.db));
	});
});
