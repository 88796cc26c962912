import { routes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelRequest } from "../requests/cancel-request.ts";
import { expireRequest } from "../requests/expire-request.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	delivered,
	deliveriesOf,
	failed,
	passDeadline,
	readRequest,
	sayAndRecord,
	timersOf,
} from "../requests/testing.ts";
import { buildIntegration } from "../testing.ts";
import { recordOutcome } from "./record-outcome.ts";
import { retryDelivery } from "./retry-delivery.ts";
import { finishSettlement, readSettlement } from "./settle-delivery.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildDelivered = async (agents = 1) => {
	const scene = await buildScene(database.db, agents);
	const { id, deliveryIds } = await askAndDispatch(scene);
	for (const [index, deliveryId] of deliveryIds.entries())
		await attempt(scene, deliveryId, delivered({ receipt: { platformId: `m-${index}` } }));
	return { scene, id, deliveryIds };
};

test("a cancelled delivery that arrived is to be stopped, until the platform has been told", async () => {
	const { scene, id, deliveryIds } = await buildDelivered();
	expect(await readSettlement(scene.system, deliveryIds[0])).toBeNull();
	await cancelRequest(scene.owner, id);
	expect(await readSettlement(scene.system, deliveryIds[0])).toMatchObject({
		deliveryId: deliveryIds[0],
		integrationId: scene.integration.id,
		receipt: { platformId: "m-0" },
		content: { kind: "request", agent_request_id: id },
		closing: { status: "cancelled", summary: "The request was cancelled." },
		last: false,
	});
	expect(await readSettlement((await buildScene(database.db)).system, deliveryIds[0])).toBeNull();
	await finishSettlement(scene.system, deliveryIds[0]);
	expect(await readSettlement(scene.system, deliveryIds[0])).toBeNull();
	expect(await timersOf(scene, deliveryIds[0])).toEqual([]);
});

test("a superseded one hears that another one answered, and nobody is told of it for more than a day", async () => {
	const { scene, deliveryIds } = await buildDelivered(2);
	await sayAndRecord(scene, deliveryIds[0], "answer");
	const other = deliveryIds[1] ?? "";
	expect(await readSettlement(scene.system, other)).toMatchObject({
		closing: { status: "completed", summary: "Answered elsewhere.", answer: { text: "Yes" } },
		stopped: true,
		last: false,
	});
	await database.db.orm.execute(sql`update timers set created_at = now() - interval '25 hours' where subject_id = ${other}`);
	expect(await readSettlement(scene.system, other)).toMatchObject({ last: true });
});

test("the answered one says so on a platform that can change messages, once the request has ended and as long as it has", async () => {
	const { scene, id, deliveryIds } = await buildDelivered(2);
	const [first, second] = deliveryIds;
	await sayAndRecord(scene, first, "answer");
	expect(await readSettlement(scene.system, first)).toMatchObject({
		closing: { status: "completed", summary: "Answered.", answer: { from: scene.agents[0]?.name, text: "Yes" } },
		stopped: false,
	});
	expect(await timersOf(scene, first)).toMatchObject([{ type: "message.delivery.settle.due" }]);
	await database.db.orm.execute(sql`update agent_requests set status = 'working', closed_at = null where id = ${id}`);
	expect(await readSettlement(scene.system, first)).toMatchObject({ closing: null });
	expect(await readSettlement(scene.system, second ?? "")).toMatchObject({ closing: { status: "completed" } });
});

test("one that was answered while it was being sent says so as soon as the platform's copy of it is known", async () => {
	const scene = await buildScene(database.db, 1);
	const { deliveryIds } = await askAndDispatch(scene);
	const claimed = await claim(scene, deliveryIds[0]);
	await sayAndRecord(scene, deliveryIds[0], "answer");
	expect(await readSettlement(scene.system, deliveryIds[0])).toBeNull();
	await recordOutcome(scene.system, claimed, delivered({ receipt: { platformId: "m-1" } }));
	expect(await readSettlement(scene.system, deliveryIds[0])).toMatchObject({ stopped: false, closing: { summary: "Answered." } });
});

test("a copy hears that its agent answered elsewhere, also while the request still waits for others", async () => {
	const scene = await buildScene(database.db, 2);
	const second = await buildIntegration(database.db, scene.projectId);
	const agentId = scene.agents[0]?.id ?? "";
	await database.db.orm.insert(routes).values({ projectId: scene.projectId, agentId, integrationId: second.id, position: 1 });
	const { id } = await askAndDispatch(scene, { answer_policy: { kind: "all" } });
	const [one, copy] = (await deliveriesOf(scene, id)).filter((delivery) => delivery.agentId === agentId);
	for (const delivery of [one, copy]) await attempt(scene, delivery?.id ?? "");
	await sayAndRecord(scene, one?.id ?? "", "answer");
	expect((await readRequest(scene, id)).status).toBe("dispatched");
	expect(await readSettlement(scene.system, copy?.id ?? "")).toMatchObject({
		closing: { status: "completed", summary: "Answered elsewhere." },
	});
});

test("a request that is reopened before the platform was told is no longer over", async () => {
	const scene = await buildScene(database.db, 2);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0], failed("rejected"));
	await attempt(scene, deliveryIds[1] ?? "");
	await passDeadline(scene, id);
	await expireRequest(scene.system, id);
	expect(await readSettlement(scene.system, deliveryIds[1] ?? "")).toMatchObject({ closing: { status: "expired" } });
	await retryDelivery(scene.owner, deliveryIds[0]);
	expect(await readSettlement(scene.system, deliveryIds[1] ?? "")).toBeNull();
});
