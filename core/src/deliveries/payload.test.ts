import { createHash } from "node:crypto";
import { maxPayloadBytes } from "@agentplanner/contracts";
import { eq, messageDeliveries } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createReplyToken } from "../requests/reply-token.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	countBytesRead,
	delivered,
	failed,
	loseLease,
	readDelivery,
	readRequest,
	skipWait,
} from "../requests/testing.ts";
import { buildMember } from "../testing.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { getDelivery } from "./get-delivery.ts";
import { getPayload } from "./get-payload.ts";
import { recordOutcome } from "./record-outcome.ts";
import { throttleDelivery } from "./wait-turn.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const queued = async () => {
	const scene = await buildScene(database.db);
	const { deliveryIds } = await askAndDispatch(scene);
	const [id] = deliveryIds;
	return { scene, id, token: createReplyToken(scene.system.keys, id) };
};
/** Nothing that a person types looks like the place of the token. */
const said = "ünïcode 🌍 ••• \u001a\\u001a \0 <>";

test("what the first attempt sent is what all others get, byte for byte, though the token in it is kept nowhere", async () => {
	const { scene, id, token } = await queued();
	const sent = JSON.stringify({ said, token, again: `Bearer ${token}` });
	expect((await claim(scene, id)).payload).toBeNull();
	await loseLease(scene, id);
	await attempt(scene, id, { ...failed("unavailable"), payload: sent });

	await skipWait(scene, id);
	const second = await claim(scene, id, "worker-2");
	expect(second.payload).toBe(sent);
	const { payload, payloadBytes } = await readDelivery(scene, id);
	expect(payload).not.toContain(token);
	expect(payloadBytes).toBe(Buffer.byteLength(sent));
	await recordOutcome(scene.system, second, delivered());
	expect((await readDelivery(scene, id)).payload).toBe(payload);
});

test("it is shown with the token masked, its size, and the hash of what was sent", async () => {
	const { scene, id, token } = await queued();
	await expect(getPayload(scene.owner, id)).rejects.toThrow("payload");
	expect((await getDelivery(scene.owner, id)).payload_bytes).toBeNull();
	const sent = JSON.stringify({ said, token });
	await attempt(scene, id, { ...delivered(), payload: sent });
	expect(await getPayload(scene.owner, id)).toEqual({
		delivery_id: id,
		text: JSON.stringify({ said, token: "•••" }),
		bytes: Buffer.byteLength(sent),
		sha256: createHash("sha256").update(sent).digest("hex"),
	});
	expect((await getDelivery(scene.owner, id)).payload_bytes).toBe(Buffer.byteLength(sent));
});

test("who doesn't see the plan doesn't see what was sent of it", async () => {
	const { scene, id } = await queued();
	await attempt(scene, id, { ...delivered(), payload: "{}" });
	expect(await getPayload(await buildMember(database.db, scene.projectId, "viewer"), id)).toMatchObject({ text: "{}" });
	await expect(getPayload(await buildMember(database.db, scene.projectId, "guest"), id)).rejects.toMatchObject({ code: "not_found" });
	const other = await buildScene(database.db);
	await expect(getPayload(other.owner, id)).rejects.toMatchObject({ code: "not_found" });
});

test("what is larger than a webhook carries is not kept, and the attempt is written all the same", async () => {
	const { scene, id } = await queued();
	await attempt(scene, id, { ...failed("rejected"), payload: JSON.stringify("x".repeat(maxPayloadBytes)) });
	expect(await readDelivery(scene, id)).toMatchObject({ status: "dead", payload: null, payloadBytes: null });
});

test("it is read to be shown or sent alone, not by what only judges a delivery", async () => {
	const scene = await buildScene(database.db, 2, { heldUntil: new Date(Date.now() + 60_000), heldReason: "429" });
	const { id: requestId, deliveryIds } = await askAndDispatch(scene);
	const [one, two = ""] = deliveryIds;
	await database.db.orm.update(messageDeliveries).set({ passHold: true }).where(eq(messageDeliveries.id, one));
	const claimed = await claim(scene, one);
	await database.db.orm
		.update(messageDeliveries)
		.set({ payload: "x".repeat(200_000), payloadBytes: 200_000 })
		.where(eq(messageDeliveries.projectId, scene.projectId));
	const works = {
		throttled: () => throttleDelivery(scene.system, two),
		held: () => claimDelivery(scene.system, two, "worker-1"),
		dead: () => recordOutcome(scene.system, claimed, failed("rejected")),
	};
	for (const [name, work] of Object.entries(works)) expect(await countBytesRead(database.db, work), name).toBeLessThan(50_000);
	expect(await readDelivery(scene, two)).toMatchObject({ status: "queued", reason: { code: "integration_held" } });
	expect((await readDelivery(scene, one)).status).toBe("dead");
	expect((await readRequest(scene, requestId)).status).toBe("dispatched");
});
