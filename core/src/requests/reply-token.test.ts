import { randomBytes, randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWaitingDelivery } from "../integrations/testing.ts";
import { createKeys } from "../keys.ts";
import { assertOwnRequest, authenticateReplyToken, createReplyToken } from "./reply-token.ts";
import { askAndDispatch, buildScene } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a token speaks for the agent, the request and the project of its delivery, and stays the same", async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	const token = createReplyToken(scene.system.keys, deliveryIds[0]);
	expect(createReplyToken(scene.system.keys, deliveryIds[0])).toBe(token);
	expect(token).not.toContain(deliveryIds[0]);
	expect(await authenticateReplyToken(scene.system, token)).toEqual({
		projectId: scene.projectId,
		actor: { type: "agent", agentId: scene.agents[0]?.id, agentRequestId: id, deliveryId: deliveryIds[0], name: scene.agents[0]?.name },
	});
});

test("of a route without an agent the integration's name speaks", async () => {
	const scene = await buildScene(database.db, 0);
	const { deliveryIds } = await askAndDispatch(scene, { targets: [{ integration_id: scene.integration.id, address: "C1" }] });
	const known = await authenticateReplyToken(scene.system, createReplyToken(scene.system.keys, deliveryIds[0]));
	expect(known?.actor).toMatchObject({ agentId: null, name: scene.integration.name });
});

test("a token that we didn't make is nobody's: changed, foreign, malformed, of no delivery or of one without a request", async () => {
	const scene = await buildScene(database.db, 2);
	const { deliveryIds } = await askAndDispatch(scene);
	const { keys } = scene.system;
	const token = createReplyToken(keys, deliveryIds[0]);
	const other = createReplyToken(keys, deliveryIds[1] ?? "");
	const { delivery } = await buildWaitingDelivery(database.db, scene.projectId, scene.integration.id);
	const strangers = createKeys(randomBytes(32).toString("base64"));
	const flipped = `${token.slice(0, -2)}${token.at(-2) === "A" ? "B" : "A"}${token.at(-1)}`;
	for (const bad of [
		flipped,
		`${other.split(".")[0]}.${token.split(".")[1]}`,
		createReplyToken(strangers, deliveryIds[0]),
		`rt_${deliveryIds[0].replaceAll("-", "")}.${keys.mac("another-purpose", deliveryIds[0])}`,
		createReplyToken(keys, randomUUID()),
		createReplyToken(keys, delivery.id),
		token.slice(1),
		`${token}=`,
		`${token}\n`,
		token.toUpperCase(),
		"rt_.",
		"",
	])
		expect(await authenticateReplyToken(scene.system, bad), bad).toBeNull();
	expect(await authenticateReplyToken(scene.system, token)).not.toBeNull();
});

test("only agents are bound to one request", async () => {
	const scene = await buildScene(database.db);
	expect(() => assertOwnRequest(scene.owner, randomUUID())).not.toThrow();
});
