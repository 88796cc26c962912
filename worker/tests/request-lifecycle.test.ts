import { createRequest, findViolations, getRequest, type ProjectContext } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, buildRoutedAgent } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningWorker } from "../src/start-worker.ts";
import { type Reply, startReceiver, startTestWorker, until } from "./harness.ts";

let database: TestDatabase;
let worker: RunningWorker;

beforeAll(async () => {
	database = await createTestDatabase();
	worker = await startTestWorker(database.url);
});
afterAll(async () => {
	await worker.stop();
	await database.drop();
});

const ask = async (url: string, question = "What is next?") => {
	const ctx: ProjectContext = await buildProject(database.db);
	const integration = await buildIntegration(database.db, ctx.projectId, url);
	const agent = await buildRoutedAgent(database.db, ctx.projectId, integration.id);
	const node = await buildNode(database.db, ctx.projectId);
	const request = await createRequest(ctx, {
		node_id: node.id,
		question,
		targets: [{ agent_id: agent.id }],
		answer_policy: { kind: "first" },
	});
	return { ctx, request };
};

const settled = (ctx: ProjectContext, id: string, status: string) =>
	until(async () => {
		const detail = await getRequest(ctx, id);
		return detail.request.status === status && detail;
	});

test("a request answered in the HTTP response completes, with its attempt on record", async () => {
	const receiver = await startReceiver((): Reply => ({ status: 200, body: { type: "answer", text: "**Ship it**" } }));
	const { ctx, request } = await ask(receiver.url);
	const detail = await settled(ctx, request.id, "completed");
	expect(detail.responses).toMatchObject([{ kind: "answer", text: "**Ship it**", outcome: "accepted" }]);
	expect(detail.deliveries).toMatchObject([{ status: "acknowledged", attempt_count: 1, attempts: [{ number: 1, outcome: "delivered" }] }]);
	expect(receiver.hits).toHaveLength(1);
	expect(receiver.hits[0]?.headers["webhook-id"]).toBe(detail.deliveries[0]?.id);
	expect(await findViolations(ctx)).toEqual([]);
	await receiver.close();
});
