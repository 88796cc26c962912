import { randomUUID } from "node:crypto";
import type { Inbound } from "@agentplanner/contracts";
import { eq, inboundEvents, messageDeliveries, messagingIntegrations } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { ForbiddenError } from "../errors.ts";
import { untilBlocked } from "../projects/race.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import {
	agentContext,
	askAndDispatch,
	attempt,
	buildScene,
	eventsOf,
	readDelivery,
	readRequest,
	readResponses,
	type Scene,
} from "../requests/testing.ts";
import { buildIntegration, buildMember } from "../testing.ts";
import { receiveInbound } from "./receive-inbound.ts";
import { respondToRequest } from "./respond-to-request.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildDelivered = async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0]);
	return { scene, id, deliveryId: deliveryIds[0], adapter: adapterOf(scene) };
};
const adapterOf = ({ system, integration }: Scene): ProjectContext => ({
	...system,
	actor: { type: "adapter", adapter: "webhook", integrationId: integration.id },
});
const said = (
	deliveryId: string,
	externalId: string | null = randomUUID(),
	overrides: Partial<Exclude<Extract<Inbound, { text: string }>, { type: "decision_required" }>> = {},
): Inbound => ({
	type: "answer",
	externalId,
	deliveryId,
	text: "Yes",
	author: null,
	...overrides,
});
const storedAt = (integrationId: string) =>
	database.db.orm.select().from(inboundEvents).where(eq(inboundEvents.integrationId, integrationId));

test("what a platform repeats is stored once, with one response, also at the same moment", async () => {
	const { scene, id, deliveryId, adapter } = await buildDelivered();
	const item = said(deliveryId, "T1", { author: "Grace" });
	const results = await Promise.all(Array.from({ length: 10 }, () => receiveInbound(adapter, scene.integration.id, [item])));
	expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(1);
	expect(await storedAt(scene.integration.id)).toMatchObject([
		{ externalId: `${deliveryId}:answer:T1`, type: "answer", data: { text: "Yes", author: "Grace" } },
	]);
	expect(await readResponses(scene, id)).toMatchObject([
		{ respondentName: "Grace", agentId: scene.agents[0]?.id, externalId: "answer:T1", deliveryId },
	]);
});

test("the same answer is one, whether it comes back in the response, through the ingress or at the reply URL; the id decides, else the words", async () => {
	const { scene, id, deliveryId, adapter } = await buildDelivered();
	const agent = await agentContext(scene, deliveryId);
	for (const [externalId, text] of [
		["a-1", "Numbered"],
		[null, "Only words"],
	] as const) {
		await receiveInbound(adapter, scene.integration.id, [said(deliveryId, externalId, { text })]);
		await respondToRequest(agent, id, { type: "answer", text, ...(externalId ? { id: externalId } : {}) });
		await receiveInbound(adapter, scene.integration.id, [said(deliveryId, externalId, { text })]);
	}
	expect((await readResponses(scene, id)).map(({ text }) => text).sort()).toEqual(["Numbered", "Only words"]);
	expect(await storedAt(scene.integration.id)).toHaveLength(2);
});

test("agents number what they say to each request anew", async () => {
	const { scene, id, deliveryId, adapter } = await buildDelivered();
	const other = await askAndDispatch(scene);
	for (const externalId of ["1", null])
		expect(
			await receiveInbound(adapter, scene.integration.id, [said(deliveryId, externalId), said(other.deliveryIds[0], externalId)]),
		).toEqual({ stored: 2, ignored: 0 });
	expect(await readResponses(scene, id)).toHaveLength(2);
	expect(await readResponses(scene, other.id)).toHaveLength(2);
});

test("the same external id at two integrations is two things", async () => {
	const { scene, adapter, deliveryId } = await buildDelivered();
	const other = await buildIntegration(database.db, scene.projectId);
	expect(await receiveInbound(adapter, scene.integration.id, [said(deliveryId, "T1")])).toEqual({ stored: 1, ignored: 0 });
	expect(await receiveInbound(adapter, other.id, [said(deliveryId, "T1")])).toEqual({ stored: 1, ignored: 0 });
});

test("what speaks of another integration's, another project's or no delivery is kept and ignored", async () => {
	const { scene, id, deliveryId, adapter } = await buildDelivered();
	const other = await buildIntegration(database.db, scene.projectId);
	const foreign = await buildDelivered();
	await receiveInbound(adapter, other.id, [said(deliveryId)]);
	await receiveInbound(adapter, scene.integration.id, [said(foreign.deliveryId), said(randomUUID()), said("not-an-id"), said("")]);
	expect(await storedAt(scene.integration.id)).toHaveLength(4);
	expect(await readResponses(scene, id)).toEqual([]);
	expect(await readResponses(foreign.scene, foreign.id)).toEqual([]);
	expect((await readRequest(foreign.scene, foreign.id)).status).toBe("dispatched");
});

test("working acknowledges delivery and request, and is ignored after the end", async () => {
	const { scene, id, deliveryId, adapter } = await buildDelivered();
	await receiveInbound(adapter, scene.integration.id, [said(deliveryId, "W1", { type: "working", text: "Reading" })]);
	expect(await readRequest(scene, id)).toMatchObject({ status: "working", progress: "Reading" });
	expect((await readDelivery(scene, deliveryId)).status).toBe("acknowledged");
	await cancelRequest(scene.owner, id);
	await receiveInbound(adapter, scene.integration.id, [said(deliveryId, "W2", { type: "working", text: "Still" })]);
	expect(await readRequest(scene, id)).toMatchObject({ status: "cancelled", progress: "Reading" });
});

test("of what comes after the end twenty things are responses; the rest is kept and ignored", async () => {
	const { scene, id, deliveryId, adapter } = await buildDelivered();
	await cancelRequest(scene.owner, id);
	const batch = Array.from({ length: 25 }, (_, number) => said(deliveryId, `L${number}`));
	expect(await receiveInbound(adapter, scene.integration.id, batch)).toEqual({ stored: 25, ignored: 0 });
	expect(await readResponses(scene, id)).toHaveLength(20);
});

test("a batch is kept whole or not at all", async () => {
	const { scene, id, deliveryId, adapter } = await buildDelivered();
	const batch = [said(deliveryId, "B1"), said(deliveryId, "B2", { type: "declined" })];
	const broken = { ...said(deliveryId, "B3"), type: "no kind of answer" } as unknown as Inbound;
	await expect(receiveInbound(adapter, scene.integration.id, [...batch, broken])).rejects.toThrow();
	expect(await storedAt(scene.integration.id)).toEqual([]);
	expect(await readResponses(scene, id)).toEqual([]);
	expect(await receiveInbound(adapter, scene.integration.id, batch)).toEqual({ stored: 2, ignored: 0 });
});

test("an app that was removed there disables its integration once, with the reason", async () => {
	const { scene, adapter } = await buildDelivered();
	const removed: Inbound = { type: "removed", externalId: "R1", reason: "The app was uninstalled." };
	await receiveInbound(adapter, scene.integration.id, [removed]);
	await receiveInbound(adapter, scene.integration.id, [removed]);
	const [integration] = await database.db.orm
		.select()
		.from(messagingIntegrations)
		.where(eq(messagingIntegrations.id, scene.integration.id));
	expect(integration).toMatchObject({ enabled: false, disabledReason: "The app was uninstalled." });
	expect(await eventsOf(scene, scene.integration.id)).toEqual(["integration.disabled"]);
});

test("whoever holds a delivery and wants its integration isn't in the way of an app that is removed and had spoken of it", async () => {
	const { scene, deliveryId, adapter } = await buildDelivered();
	const batch: Inbound[] = [{ type: "removed", externalId: "R1", reason: "Uninstalled." }, said(deliveryId, "W1", { type: "working" })];
	const { receiving } = await database.db.orm.transaction(async (tx) => {
		await tx.update(messageDeliveries).set({ passHold: false }).where(eq(messageDeliveries.id, deliveryId));
		const receiving = receiveInbound(adapter, scene.integration.id, batch);
		receiving.catch(() => {});
		await untilBlocked(database.db);
		await tx.update(messagingIntegrations).set({ heldReason: null }).where(eq(messagingIntegrations.id, scene.integration.id));
		return { receiving };
	});
	expect(await receiving).toEqual({ stored: 2, ignored: 0 });
});

test("a viewer may not, and another project's integration is refused by the database", async () => {
	const { scene, deliveryId, adapter } = await buildDelivered();
	const viewer = await buildMember(database.db, scene.projectId, "viewer");
	await expect(receiveInbound(viewer, scene.integration.id, [said(deliveryId)])).rejects.toThrow(ForbiddenError);
	const foreign = await buildScene(database.db);
	await expect(receiveInbound({ ...adapter, projectId: foreign.projectId }, scene.integration.id, [said(deliveryId)])).rejects.toThrow();
	expect(await storedAt(scene.integration.id)).toEqual([]);
});
