import { agentRequests, eq, messageDeliveries, outbox, planNodes, routes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NotFoundError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { recordResponse } from "../responses/record-response.ts";
import { respondToRequest } from "../responses/respond-to-request.ts";
import { buildAgent } from "../testing.ts";
import { acknowledgeRequest } from "./acknowledge-request.ts";
import { cancelRequest } from "./cancel-request.ts";
import { dispatchRequest } from "./dispatch-request.ts";
import { ask, askAndDispatch, attempt, buildScene, countPackets, deliveriesOf, eventsOf, readRequest, timersOf } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a queued request becomes dispatched: one delivery and timer per destination, the snapshot kept", async () => {
	const scene = await buildScene(database.db, 2);
	const { id } = await ask({ ...scene, owner: { ...scene.owner, requestId: "req-1", traceId: "b".repeat(32) } });
	await dispatchRequest(scene.system, id);

	const request = await readRequest(scene, id);
	expect(request).toMatchObject({ status: "dispatched", version: 2, context: { node: { id: scene.node.id } } });
	expect(request.dispatchedAt).not.toBeNull();
	const deliveries = await deliveriesOf(scene, id);
	expect(deliveries).toMatchObject(
		scene.agents.map((agent) => ({
			status: "queued",
			kind: "request",
			agentId: agent.id,
			integrationId: scene.integration.id,
			requestId: "req-1",
			traceId: "b".repeat(32),
			attemptCount: 0,
			content: {
				kind: "request",
				agent_request_id: id,
				question: "What shall we write?",
				agent: { id: agent.id, name: agent.name },
				asked_by: "owner",
				deadline_at: request.deadlineAt.toISOString(),
				context: request.context,
			},
		})),
	);
	for (const delivery of deliveries) {
		const [timer] = await timersOf(scene, delivery.id);
		expect(timer?.type).toBe("message.delivery.due");
		expect(Math.abs((timer?.dueMs ?? 0) - 60_000)).toBeLessThan(5_000);
	}
	expect((await timersOf(scene, id)).map(({ type }) => type)).toEqual(["agent.request.deadline.due"]);
	expect(await eventsOf(scene, id)).toEqual(["created", "dispatched"]);
	expect((await dispatchRequest(scene.system, id)).map((queued) => queued.id).toSorted()).toEqual(
		deliveries.map((delivery) => delivery.id).toSorted(),
	);
});

test("of ten at once one dispatches, and nothing is there twice", async () => {
	const scene = await buildScene(database.db, 2);
	const { id } = await ask(scene);
	await Promise.all(Array.from({ length: 10 }, () => dispatchRequest(scene.system, id)));
	expect(await deliveriesOf(scene, id)).toHaveLength(2);
	expect(await eventsOf(scene, id)).toEqual(["created", "dispatched"]);
});

test("a second run finds only what nobody has begun to send", async () => {
	const scene = await buildScene(database.db, 2);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0]);
	expect(await dispatchRequest(scene.system, id)).toEqual([{ id: deliveryIds[1], integrationId: scene.integration.id }]);
});

test("without a route it fails with the reason and the remedy, and without a timer", async () => {
	const scene = await buildScene(database.db, 0);
	const agent = await buildAgent(database.db, scene.projectId);
	const { id } = await ask(scene, { targets: [{ agent_id: agent.id }] });
	await dispatchRequest(scene.system, id);
	const request = await readRequest(scene, id);
	expect(request).toMatchObject({ status: "failed", reason: { code: "no_route", remedy: expect.stringContaining("Add a route") } });
	expect(request.closedAt).not.toBeNull();
	expect(await timersOf(scene, id)).toEqual([]);
	expect(await eventsOf(scene, id)).toEqual(["created", "failed"]);
	expect(await deliveriesOf(scene, id)).toEqual([]);
});

test("dispatch against cancel: either nothing was made, or what was made is cancelled", async () => {
	for (let round = 0; round < 8; round += 1) {
		const scene = await buildScene(database.db, 2);
		const { id } = await ask(scene);
		const both = [() => dispatchRequest(scene.system, id), () => cancelRequest(scene.owner, id)];
		await Promise.all((round % 2 ? both : both.toReversed()).map((start) => start()));
		expect((await readRequest(scene, id)).status).toBe("cancelled");
		const deliveries = await deliveriesOf(scene, id);
		expect(deliveries.filter(({ status }) => status !== "cancelled")).toEqual([]);
		expect(await timersOf(scene, id, ...deliveries.map((delivery) => delivery.id))).toEqual([]);
	}
});

test("a member who says working before the dispatch doesn't keep it from being sent", async () => {
	const scene = await buildScene(database.db);
	const { id } = await ask(scene);
	expect(await acknowledgeRequest(scene.owner, id)).toMatchObject({ status: "queued" });
	await dispatchRequest(scene.system, id);
	expect((await readRequest(scene, id)).status).toBe("dispatched");
	expect(await deliveriesOf(scene, id)).toHaveLength(1);
});

test("a member's decline before the dispatch doesn't end the request, an answer does", async () => {
	const scene = await buildScene(database.db);
	const { id } = await ask(scene);
	const declined = await respondToRequest(scene.owner, id, { type: "declined", text: "Not me" });
	await recordResponse(scene.system, declined.response?.id ?? "");
	expect((await readRequest(scene, id)).status).toBe("queued");
	const answered = await respondToRequest(scene.owner, id, { type: "answer", text: "I know it" });
	await recordResponse(scene.system, answered.response?.id ?? "");
	expect((await readRequest(scene, id)).status).toBe("completed");
	await dispatchRequest(scene.system, id);
	expect(await deliveriesOf(scene, id)).toEqual([]);
	expect(await timersOf(scene, id)).toEqual([]);
});

test("another project's request is not found", async () => {
	const scene = await buildScene(database.db);
	const { id } = await ask(scene);
	await expect(dispatchRequest((await buildScene(database.db)).system, id)).rejects.toThrow(new NotFoundError("request"));
});

test("it takes two packets: what it must know, and what it writes", async () => {
	const scene = await buildScene(database.db, 2);
	const { id } = await ask(scene);
	expect(await countPackets(database.db, () => dispatchRequest(scene.system, id))).toBe(2);
});

test("what changes while it waits for the request is in what it sends", async () => {
	const scene = await buildScene(database.db);
	const { id } = await ask(scene);
	await raceAgainst(
		database.db,
		async (tx) => {
			await tx.select().from(agentRequests).where(eq(agentRequests.id, id)).for("no key update");
			await tx.update(planNodes).set({ title: "Renamed" }).where(eq(planNodes.id, scene.node.id));
			await tx.update(routes).set({ address: "moved" }).where(eq(routes.projectId, scene.projectId));
		},
		() => dispatchRequest(scene.system, id),
	);
	expect(await deliveriesOf(scene, id)).toMatchObject([{ address: "moved", content: { context: { node: { title: "Renamed" } } } }]);
});

test("a dispatch that breaks in the middle leaves the request queued with its timer", async () => {
	const scene = await buildScene(database.db);
	const { id } = await ask(scene);
	await database.db.orm.execute(
		sql`alter table message_deliveries add constraint broken check (agent_request_id <> ${sql.raw(`'${id}'`)})`,
	);
	await expect(dispatchRequest(scene.system, id)).rejects.toThrow();
	await database.db.orm.execute(sql`alter table message_deliveries drop constraint broken`);
	expect(await database.db.orm.select().from(agentRequests).where(eq(agentRequests.id, id))).toMatchObject([
		{ status: "queued", context: null },
	]);
	expect(await timersOf(scene, id)).toHaveLength(2);
	expect(await database.db.orm.select().from(messageDeliveries).where(eq(messageDeliveries.agentRequestId, id))).toEqual([]);
	// The event that wakes the dispatcher is still to be told.
	const { rows } = await database.db.orm.execute(
		sql`select from ${outbox} o join events e on e.id = o.event_id where e.subject_id = ${id}`,
	);
	expect(rows).toHaveLength(1);
});
