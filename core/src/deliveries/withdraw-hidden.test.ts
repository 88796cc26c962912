import { randomUUID } from "node:crypto";
import { defaultDeliveryPolicy } from "@agentplanner/contracts";
import { eq, messageDeliveries, plans, routes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { emit } from "../emit.ts";
import { stampEvents } from "../events/stamp-events.ts";
import { replyToAgent } from "../requests/reply-to-agent.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	eventsOf,
	loseLease,
	readDelivery,
	readRequest,
	type Scene,
	sayAndRecord,
	timersOf,
} from "../requests/testing.ts";
import { buildAgent, buildSubscription, userIdOf } from "../testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { retryDelivery } from "./retry-delivery.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const show = ({ node }: Scene, visibility: "private" | "project") =>
	database.db.orm.update(plans).set({ visibility }).where(eq(plans.id, node.planId));

describe("what was queued before its plan became private", () => {
	/** Asked of an agent without a route of its own, who is reached by the project's. */
	const buildAsked = async () => {
		const scene = await buildScene(database.db, 0);
		const { projectId } = scene;
		await database.db.orm.insert(routes).values({ projectId, integrationId: scene.integration.id, position: 0 });
		const agent = await buildAgent(database.db, projectId);
		const { id: requestId, deliveryIds } = await askAndDispatch(scene, { targets: [{ agent_id: agent.id }] });
		return { scene, requestId, id: deliveryIds[0] };
	};

	test("doesn't go by the project's routes any more: it gives up, and its request says so; shown again it is sent", async () => {
		const { scene, requestId, id } = await buildAsked();
		await show(scene, "private");
		expect(await claimDelivery(scene.system, id, "worker-1")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({ status: "dead", attemptCount: 0, reason: { code: "plan_private" } });
		expect(await readRequest(scene, requestId)).toMatchObject({
			status: "failed",
			reason: { message: expect.stringContaining("private") },
		});
		expect(await eventsOf(scene, id)).toEqual(["dead"]);
		expect(await timersOf(scene, id)).toEqual([]);
		expect(await findViolations(scene.system)).toEqual([]);
		await show(scene, "project");
		await retryDelivery(scene.owner, id);
		expect(await claimDelivery(scene.system, id, "worker-1")).not.toBeNull();
	});

	test("gives up also where its worker has vanished", async () => {
		const { scene, id } = await buildAsked();
		await claim(scene, id);
		await show(scene, "private");
		await loseLease(scene, id);
		expect(await claimDelivery(scene.system, id, "worker-2")).toBeNull();
		expect(await readDelivery(scene, id)).toMatchObject({ status: "dead", worker: null, reason: { code: "plan_private" } });
	});

	test("gives up as a reply there, which the agent waits for again", async () => {
		const { scene, requestId, id } = await buildAsked();
		await attempt(scene, id);
		await sayAndRecord(scene, id, "input_required", "Which one?");
		const reply = await replyToAgent(scene.owner, requestId, { text: "Both" });
		await show(scene, "private");
		expect(await claimDelivery(scene.system, reply.delivery_id, "worker-1")).toBeNull();
		expect(await readDelivery(scene, reply.delivery_id)).toMatchObject({ status: "dead" });
		expect(await readRequest(scene, requestId)).toMatchObject({ status: "input_required" });
	});

	test("goes by the agent's own route all the same", async () => {
		const scene = await buildScene(database.db);
		const { deliveryIds } = await askAndDispatch(scene);
		await show(scene, "private");
		expect(await claimDelivery(scene.system, deliveryIds[0], "worker-1")).not.toBeNull();
	});

	test("as an event is left out, unless the subscription names the plan and its owner sees it", async () => {
		const scene = await buildScene(database.db, 0);
		const { projectId, node, integration } = scene;
		await stampEvents(database.db);
		const ownerUserId = userIdOf(scene.owner);
		const [all, named] = [
			await buildSubscription(database.db, projectId, { integrationId: integration.id, ownerUserId }),
			await buildSubscription(database.db, projectId, { integrationId: integration.id, ownerUserId, planIds: [node.planId] }),
		];
		await inTransaction(scene.owner, (tx) => emit(tx, { type: "plan.updated", subjectId: node.planId, data: { version: 2 } }));
		await inTransaction(scene.owner, (tx) =>
			emit(tx, { type: "goal.created", subjectId: randomUUID(), data: { title: "Fewer calls", parent_id: null } }),
		);
		await stampEvents(database.db);
		await show(scene, "private");
		const claims = async (subscriptionId: string) => {
			const rows = await database.db.orm.select().from(messageDeliveries).where(eq(messageDeliveries.subscriptionId, subscriptionId));
			return Promise.all(
				rows.map(async ({ id, content }) => {
					const type = content.kind === "event" ? content.type : "";
					return [type, (await claimDelivery(scene.system, id, "worker-1")) ? "goes" : (await readDelivery(scene, id)).status];
				}),
			);
		};
		expect(Object.fromEntries(await claims(all.id))).toEqual({ "plan.updated": "cancelled", "goal.created": "goes" });
		expect(Object.fromEntries(await claims(named.id))).toEqual({ "plan.updated": "goes" });
		expect(await findViolations(scene.system)).toEqual([]);
	});

	test("as an event to a subscription that names its plan goes at the moment reserved for it, where a rate is set", async () => {
		const scene = await buildScene(database.db, 0, { deliveryPolicy: { ...defaultDeliveryPolicy, per_second: 1 } });
		const { projectId, node, integration } = scene;
		await stampEvents(database.db);
		const named = { integrationId: integration.id, ownerUserId: userIdOf(scene.owner), planIds: [node.planId] };
		const { id: subscriptionId } = await buildSubscription(database.db, projectId, named);
		await show(scene, "private");
		for (const version of [2, 3])
			await inTransaction(scene.owner, (tx) => emit(tx, { type: "plan.updated", subjectId: node.planId, data: { version } }));
		await stampEvents(database.db);
		const rows = await database.db.orm
			.select({ id: messageDeliveries.id })
			.from(messageDeliveries)
			.where(eq(messageDeliveries.subscriptionId, subscriptionId));
		const [one = "", two = ""] = rows.map(({ id }) => id);
		expect(await claimDelivery(scene.system, one, "worker-1")).not.toBeNull();
		expect(await claimDelivery(scene.system, two, "worker-1")).toBeNull();
		expect(await readDelivery(scene, two)).toMatchObject({ status: "queued", turnAt: expect.any(Date) });
		await database.db.orm
			.update(messageDeliveries)
			.set({ nextAttemptAt: sql`now()`, turnAt: sql`now()` })
			.where(eq(messageDeliveries.id, two));
		expect(await claimDelivery(scene.system, two, "worker-1")).not.toBeNull();
	});
});
