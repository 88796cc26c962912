import { randomUUID } from "node:crypto";
import { createRequest, findViolations, getRequest } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, buildRoutedAgent, testKeys } from "@agentplanner/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture } from "../../../adapters/fixtures/openclaw/fixture.ts";
import { type GatewayDouble, startGatewayDouble } from "../../../adapters/tests/openclaw/gateway-double.ts";
import { bringForward, makeDue, pause, until, untilDelivery, untilRequest, useWorker } from "../harness.ts";

const database = useWorker();
let gateway: GatewayDouble;
beforeAll(async () => {
	gateway = await startGatewayDouble();
});
afterAll(() => gateway.close());

/** A question to an agent of the gateway, in a project that may reach it. */
const ask = async () => {
	const ctx = await buildProject(database().db);
	const id = randomUUID();
	const { settings, secrets } = fixture.config(gateway.url);
	const integration = await buildIntegration(database().db, ctx.projectId, "", {
		...{ id, adapter: "openclaw", settings: settings as Record<string, unknown>, secretNames: Object.keys(secrets) },
		credentials: testKeys.seal(JSON.stringify(secrets), id),
	});
	const agent = await buildRoutedAgent(database().db, ctx.projectId, integration.id);
	const node = await buildNode(database().db, ctx.projectId);
	const request = await createRequest(ctx, {
		node_id: node.id,
		question: "Which market first?",
		targets: [{ agent_id: agent.id }],
		answer_policy: { kind: "first" },
	});
	return { ctx, id: request.id };
};

test("a line that breaks behind the question, and a gateway that is killed after it, make no second run", async () => {
	gateway.answerWith(() => "hold");
	const before = gateway.prompts.length;
	gateway.break({ on: ["agent"], cut: "after" });
	const asked = await ask();
	const { id } = await untilDelivery(asked, ({ status }) => status === "unknown");
	gateway.break(null);
	await bringForward(database().db, id);
	await untilDelivery(asked, ({ status }) => status === "delivered");
	expect(gateway.prompts.slice(before)).toHaveLength(1);
	const { resume } = await gateway.restart();
	resume();
	gateway.finish({ text: "Spain" });
	await untilRequest(asked, "completed", 20_000);
	expect(gateway.calls.filter(({ method, params }) => method === "agent" && JSON.stringify(params).includes(id))).toHaveLength(1);
});

test("an agent that fails for good fails its request, with the reason", async () => {
	gateway.answerWith(() => ({ error: "No credits are left." }));
	const asked = await ask();
	const { id } = await untilDelivery(asked, ({ status }) => status === "delivered");
	const { request } = await until(async () => {
		gateway.advance(60_000);
		await makeDue(database().db, id, "message.delivery.collect.due").catch(() => {});
		await pause(250);
		const detail = await getRequest(asked.ctx, asked.id);
		return detail.request.status === "failed" && detail;
	}, 18_000);
	expect(request.reason?.message).toContain("No credits are left.");
	expect((await getRequest(asked.ctx, asked.id)).deliveries[0]).toMatchObject({ status: "dead" });
	expect(await findViolations(asked.ctx)).toEqual([]);
});
