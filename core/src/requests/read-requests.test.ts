import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setRoutes } from "../agents/set-routes.ts";
import { getDelivery } from "../deliveries/get-delivery.ts";
import { listDeliveries } from "../deliveries/list-deliveries.ts";
import { ForbiddenError, InvalidInputError, NotFoundError } from "../errors.ts";
import { disableIntegration } from "../integrations/disable-integration.ts";
import { buildMember, buildNode } from "../testing.ts";
import { cancelRequest } from "./cancel-request.ts";
import { dispatchRequest } from "./dispatch-request.ts";
import { getRequest } from "./get-request.ts";
import { listRequests } from "./list-requests.ts";
import { replyToAgent } from "./reply-to-agent.ts";
import { agentContext, ask, askAndDispatch, attempt, buildScene, failed, sayAndRecord } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("getRequest and getDelivery", () => {
	test("show everything that hangs on it: deliveries with attempts, answers, replies", async () => {
		const scene = await buildScene(database.db, 2);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await attempt(scene, deliveryIds[0], failed("unavailable", { detail: "HTTP 500" }));
		await attempt(scene, deliveryIds[1] ?? "");
		await sayAndRecord(scene, deliveryIds[1] ?? "", "input_required", "Which?");
		await replyToAgent(scene.owner, id, { text: "That one" });
		const detail = await getRequest(await buildMember(database.db, scene.projectId, "viewer"), id);
		expect(detail).toMatchObject({
			request: { id, status: "working", targets: scene.agents.map((agent) => ({ agent_id: agent.id })) },
			context: { node: { id: scene.node.id } },
			responses: [{ kind: "input_required", text: "Which?", outcome: "accepted", respondent: scene.agents[1]?.name }],
			replies: [{ text: "That one", from: "owner" }],
		});
		expect(detail.deliveries).toHaveLength(3);
		const failing = detail.deliveries.find((delivery) => delivery.id === deliveryIds[0]);
		expect(failing).toMatchObject({
			status: "retrying",
			agent_name: scene.agents[0]?.name,
			integration_name: scene.integration.name,
			attempt_count: 1,
			attempts: [{ number: 1, outcome: "unavailable", detail: "HTTP 500", worker: "worker-1" }],
		});
		expect(failing?.attempts[0]?.duration_ms).toBeGreaterThanOrEqual(0);
		expect(await getDelivery(scene.owner, deliveryIds[0])).toEqual(failing);
	});

	test("not of another project, nor to a stranger or an agent", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await askAndDispatch(scene);
		const stranger = await buildScene(database.db);
		for (const ctx of [stranger.owner, { ...stranger.owner, projectId: scene.projectId }]) {
			await expect(getRequest(ctx, id)).rejects.toThrow(NotFoundError);
			await expect(getDelivery(ctx, deliveryIds[0])).rejects.toThrow(NotFoundError);
		}
		const agent = await agentContext(scene, deliveryIds[0]);
		for (const read of [() => getRequest(agent, id), () => getDelivery(agent, deliveryIds[0]), () => listRequests(agent, { limit: 1 })])
			await expect(read()).rejects.toThrow(ForbiddenError);
	});
});

describe("lists", () => {
	test("of requests go through all pages, newest first, by node and by status", async () => {
		const scene = await buildScene(database.db);
		const other = await buildNode(database.db, scene.projectId);
		for (const question of ["1", "2", "3"]) await ask(scene, { question });
		const elsewhere = await ask(scene, { question: "4", node_id: other.id });
		await cancelRequest(scene.owner, elsewhere.id);
		await ask(await buildScene(database.db));
		const read = async (query: Partial<Parameters<typeof listRequests>[1]>) => {
			const page = await listRequests(scene.owner, { limit: 3, ...query });
			return { next: page.next_cursor, questions: page.items.map(({ question }) => question).join("") };
		};
		const first = await read({});
		expect(first.questions).toBe("432");
		expect(await read({ cursor: first.next ?? "" })).toEqual({ questions: "1", next: null });
		expect((await read({ node_id: scene.node.id })).questions).toBe("321");
		expect((await read({ status: "cancelled" })).questions).toBe("4");
		const page = await listRequests(scene.owner, { limit: 1, node_id: scene.node.id });
		expect(page.items[0]?.targets).toEqual([{ agent_id: scene.agents[0]?.id }]);
		await expect(listRequests(scene.owner, { limit: 1, cursor: "nonsense" })).rejects.toThrow(InvalidInputError);
	});

	test("of requests name the task and who is asked, and say how their deliveries stand", async () => {
		const scene = await buildScene(database.db, 3);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await attempt(scene, deliveryIds[0]);
		await attempt(scene, deliveryIds[1] ?? "", failed("unavailable", { detail: "HTTP 500" }));
		const overview = async () => (await listRequests(scene.owner, { limit: 1 })).items[0];
		expect(await overview()).toMatchObject({
			node: { id: scene.node.id, title: scene.node.title },
			plan: { id: scene.node.planId, title: expect.any(String) },
			asked: scene.agents.map(({ name }) => name),
			deliveries: { total: 3, arrived: 1, retrying: 1, held: 0 },
		});
		await disableIntegration(scene.owner, scene.integration.id);
		expect(await overview()).toMatchObject({ deliveries: { arrived: 1, held: 2 } });
		expect((await getRequest(scene.owner, id)).request).toEqual(await overview());
		expect((await getRequest(scene.owner, id)).deliveries.map((delivery) => delivery.integration_enabled)).toEqual([false, false, false]);
	});

	test("a question without targets names where its routes led, and nobody before it is dispatched", async () => {
		const scene = await buildScene(database.db);
		await setRoutes(scene.owner, "project", { routes: [{ integration_id: scene.integration.id, address: "" }] }, null);
		const { id } = await ask(scene, { targets: [] });
		expect((await getRequest(scene.owner, id)).request.asked).toEqual([]);
		await dispatchRequest(scene.system, id);
		expect((await getRequest(scene.owner, id)).request.asked).toEqual([scene.integration.name]);
	});

	test("of deliveries go through all pages, newest first, by request and by status", async () => {
		const scene = await buildScene(database.db, 3);
		const { id, deliveryIds } = await askAndDispatch(scene);
		await attempt(scene, deliveryIds[0]);
		await askAndDispatch(await buildScene(database.db));
		const first = await listDeliveries(scene.owner, { limit: 2, agent_request_id: id });
		const second = await listDeliveries(scene.owner, { limit: 2, cursor: first.next_cursor ?? "" });
		const ids = [...first.items, ...second.items].map((delivery) => delivery.id);
		expect(ids).toEqual(deliveryIds.toSorted().toReversed());
		expect(second.next_cursor).toBeNull();
		expect(await listDeliveries(scene.owner, { limit: 9, status: "delivered" })).toMatchObject({
			items: [{ id: deliveryIds[0], attempts: [{}] }],
		});
	});
});
