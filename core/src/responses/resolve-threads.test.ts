import type { ThreadReply } from "@agentplanner/contracts";
import { eq, inboundEvents, messageDeliveries } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { askAndDispatch, attempt, buildScene, claim, delivered, readResponses, type Scene } from "../requests/testing.ts";
import { buildIntegration } from "../testing.ts";
import { receiveInbound } from "./receive-inbound.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const inThread = (platformId: string, externalId = "T1:C1:2"): ThreadReply => ({
	...{ type: "thread_reply", externalId, platformId, address: "C1" },
	...{ text: "Spain", author: "Grace" },
});
const adapterOf = ({ system }: Scene, integrationId: string): ProjectContext => ({
	...system,
	actor: { type: "adapter", adapter: "slack", integrationId },
});
const stored = (integrationId: string) =>
	database.db.orm.select().from(inboundEvents).where(eq(inboundEvents.integrationId, integrationId));
const buildAsked = async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await database.db.orm.update(messageDeliveries).set({ address: "C1" }).where(eq(messageDeliveries.id, deliveryIds[0]));
	const { id: integrationId } = scene.integration;
	const receive = (reply: ThreadReply) => receiveInbound(adapterOf(scene, integrationId), integrationId, [reply]);
	return { scene, id, deliveryId: deliveryIds[0], integrationId, receive };
};

test("what is said under a question is its answer, once however often the platform tells it", async () => {
	const { scene, id, deliveryId, receive } = await buildAsked();
	await attempt(scene, deliveryId, delivered({ receipt: { platformId: "C1:1" } }));
	expect(await receive(inThread("C1:1"))).toEqual({ stored: 1, ignored: 0 });
	expect(await receive(inThread("C1:1"))).toEqual({ stored: 0, ignored: 0 });
	expect(await readResponses(scene, id)).toMatchObject([{ kind: "answer", text: "Spain", respondentName: "Grace", deliveryId }]);
});

test("what is said in other threads is counted and not kept, also where another integration's question is the root", async () => {
	const { scene, id, deliveryId, integrationId, receive } = await buildAsked();
	await attempt(scene, deliveryId, delivered({ receipt: { platformId: "C1:1" } }));
	expect(await receive(inThread("C1:9"))).toEqual({ stored: 0, ignored: 1 });
	const other = await buildIntegration(database.db, scene.projectId);
	expect(await receiveInbound(adapterOf(scene, other.id), other.id, [inThread("C1:1")])).toEqual({ stored: 0, ignored: 1 });
	const stranger = await buildScene(database.db);
	expect(await receiveInbound(adapterOf(stranger, integrationId), integrationId, [inThread("C1:1")])).toEqual({ stored: 0, ignored: 1 });
	for (const integration of [integrationId, other.id]) expect(await stored(integration)).toEqual([]);
	expect(await readResponses(scene, id)).toEqual([]);
});

test("while a question to that channel is on its way the platform is asked to tell it again, and then it counts", async () => {
	const { scene, id, deliveryId, receive } = await buildAsked();
	await claim(scene, deliveryId);
	await expect(receive(inThread("C1:1"))).rejects.toMatchObject({ code: "unavailable" });
	expect(await receive({ ...inThread("C2:1"), address: "C2" })).toEqual({ stored: 0, ignored: 1 });
	await database.db.orm
		.update(messageDeliveries)
		.set({ status: "delivered", receipt: { platformId: "C1:1" }, worker: null, leaseUntil: null })
		.where(eq(messageDeliveries.id, deliveryId));
	expect(await receive(inThread("C1:1"))).toEqual({ stored: 1, ignored: 0 });
	expect(await readResponses(scene, id)).toHaveLength(1);
});
