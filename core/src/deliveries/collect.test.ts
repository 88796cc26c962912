import type { Inbound } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { disableIntegration } from "../integrations/disable-integration.ts";
import { enableIntegration } from "../integrations/enable-integration.ts";
import { untilBlocked } from "../projects/race.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { expireRequest } from "../requests/expire-request.ts";
import { lockRequest } from "../requests/lock-request.ts";
import { reopenRequest } from "../requests/reopen-request.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	delivered,
	deliveriesOf,
	eventsOf,
	failed,
	passDeadline,
	readDelivery,
	readRequest,
	readResponses,
	type Scene,
	sayAndRecord,
	timersOf,
} from "../requests/testing.ts";
import { recordResponse } from "../responses/record-response.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { lockDeliveries } from "./close-deliveries.ts";
import type { Collection } from "./read-collection.ts";
import { readCollection } from "./read-collection.ts";
import { recordCollected, recordUncollected } from "./record-collected.ts";
import { type Failure, recordOutcome } from "./record-outcome.ts";
import { retryDelivery } from "./retry-delivery.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const receipt = { platformId: null, data: { run: "r1" } };

const buildCollecting = async (agents = 1) => {
	const scene = await buildScene(database.db, agents);
	const { id, deliveryIds } = await askAndDispatch(scene);
	for (const deliveryId of deliveryIds) await attempt(scene, deliveryId, delivered({ receipt, collectInMs: 1_000 }));
	return { scene, id, deliveryId: deliveryIds[0], deliveryIds };
};

const read = async (scene: Scene, deliveryId: string): Promise<Collection> => {
	const collection = await readCollection(scene.system, deliveryId);
	if (!collection) throw new Error("There is nothing to collect.");
	return collection;
};
const appointments = async (scene: Scene, deliveryId: string) =>
	(await timersOf(scene, deliveryId)).filter(({ type }) => type === "message.delivery.collect.due");
const dueMs = async (scene: Scene, deliveryId: string) => (await appointments(scene, deliveryId))[0]?.dueMs ?? -1;
const said = (deliveryId: string, type: "answer" | "input_required" = "answer"): Inbound[] => [
	{ type, externalId: "row-1", deliveryId, text: "Spain", author: null },
];
const failure = (kind: Failure["kind"], overrides: Partial<Failure> = {}) => failed(kind, overrides) as Failure;
const apply = async (scene: Scene, requestId: string) => {
	for (const { id } of await readResponses(scene, requestId)) await recordResponse(scene.system, id);
};

describe("an answer that has to be fetched", () => {
	test("is looked for until it is there, and stored once however often it is found", async () => {
		const { scene, id, deliveryId } = await buildCollecting();
		expect(await dueMs(scene, deliveryId)).toBeGreaterThan(500);
		expect(await findViolations(scene.system)).toEqual([]);
		const first = await read(scene, deliveryId);
		expect(first).toMatchObject({ receipt, content: { kind: "request" }, agentRequestId: id, failures: 0 });
		await recordCollected(scene.system, first, { inbound: [], againInMs: 5_000 });
		expect(await dueMs(scene, deliveryId)).toBeGreaterThan(4_000);

		const second = await read(scene, deliveryId);
		await Promise.all([1, 2].map(() => recordCollected(scene.system, second, { inbound: said(deliveryId), againInMs: null })));
		await recordCollected(scene.system, first, { inbound: said(deliveryId), againInMs: 1_000 });
		expect(await readResponses(scene, id)).toHaveLength(1);
		expect(await appointments(scene, deliveryId)).toEqual([]);
		await apply(scene, id);
		expect(await readRequest(scene, id)).toMatchObject({ status: "completed" });
		expect(await readCollection(scene.system, deliveryId)).toBeNull();
	});

	test("without its timer would be lost, so that is told", async () => {
		const { scene, deliveryId } = await buildCollecting();
		await database.db.orm.execute(sql`delete from timers where subject_id = ${deliveryId}`);
		expect(await findViolations(scene.system)).toEqual([{ rule: "answer to be fetched without a timer", subject: deliveryId }]);
		await database.db.orm.execute(sql`update message_deliveries set collecting = false where id = ${deliveryId}`);
	});

	test("a wake-up that comes twice at once makes one appointment", async () => {
		const { scene, deliveryId } = await buildCollecting();
		const [one, two] = [await read(scene, deliveryId), await read(scene, deliveryId)];
		await recordCollected(scene.system, one, { inbound: [], againInMs: 60_000 });
		const [kept] = await appointments(scene, deliveryId);
		await recordCollected(scene.system, two, { inbound: [], againInMs: 1_000 });
		await recordUncollected(scene.system, two, failure("rejected"));
		expect((await appointments(scene, deliveryId))[0]?.id).toBe(kept?.id);
		expect(await readDelivery(scene, deliveryId)).toMatchObject({ status: "delivered", reason: null });
	});

	test("is not lost for what tables can't hold", async () => {
		const { scene, id, deliveryId } = await buildCollecting();
		const [answer] = said(deliveryId) as [Extract<Inbound, { text: string }>];
		await recordCollected(scene.system, await read(scene, deliveryId), {
			inbound: [{ ...answer, text: "Spain \u0000 \ud83c" }],
			againInMs: null,
		});
		expect(await readResponses(scene, id)).toMatchObject([{ text: "Spain \ufffd \ufffd" }]);
	});

	test("what was asked back may be followed by more", async () => {
		const { scene, id, deliveryId } = await buildCollecting();
		await recordCollected(scene.system, await read(scene, deliveryId), { inbound: said(deliveryId, "input_required"), againInMs: null });
		await apply(scene, id);
		expect(await readRequest(scene, id)).toMatchObject({ status: "input_required" });
		expect(await readDelivery(scene, deliveryId)).toMatchObject({ status: "acknowledged", collecting: false });
	});

	test("the end of the request ends it, also while the message is being sent, and reopening brings it back", async () => {
		const { scene, id, deliveryId } = await buildCollecting();
		const collection = await read(scene, deliveryId);
		await cancelRequest(scene.owner, id);
		expect(await appointments(scene, deliveryId)).toEqual([]);
		await recordCollected(scene.system, collection, { inbound: [], againInMs: 1_000 });
		expect(await appointments(scene, deliveryId)).toEqual([]);

		const other = await askAndDispatch(scene);
		const taken = await claim(scene, other.deliveryIds[0]);
		await passDeadline(scene, other.id);
		await expireRequest(scene.system, other.id);
		await recordOutcome(scene.system, taken, delivered({ receipt, collectInMs: 1_000 }));
		expect(await readDelivery(scene, other.deliveryIds[0])).toMatchObject({ status: "cancelled" });
		expect(await appointments(scene, other.deliveryIds[0])).toEqual([]);
		await inTransaction(scene.system, async (tx) => {
			await reopenRequest(tx, await lockRequest(tx, other.id), await lockDeliveries(tx, other.id));
		});
		expect(await readDelivery(scene, other.deliveryIds[0])).toMatchObject({ status: "delivered" });
		expect(await appointments(scene, other.deliveryIds[0])).toHaveLength(1);
		expect(await findViolations(scene.system)).toEqual([]);
	});
});

describe("an answer of which more may come", () => {
	/** One of two agents has answered by itself, and the deadline has ended the request. */
	const buildExpired = async () => {
		const scene = await buildScene(database.db, 2);
		const { id, deliveryIds } = await askAndDispatch(scene, { answer_policy: { kind: "all" } });
		const [deliveryId] = deliveryIds;
		await attempt(scene, deliveryId, delivered({ receipt, collectInMs: 1_000 }));
		await sayAndRecord(scene, deliveryId, "answer");
		await passDeadline(scene, id);
		await expireRequest(scene.system, id);
		expect(await readDelivery(scene, deliveryId)).toMatchObject({ status: "acknowledged", collecting: true });
		return { scene, id, deliveryId };
	};
	const reopen = (scene: Scene, id: string) =>
		inTransaction(scene.system, async (tx) => reopenRequest(tx, await lockRequest(tx, id), await lockDeliveries(tx, id)));

	test("is fetched again once its request is reopened", async () => {
		const { scene, id, deliveryId } = await buildExpired();
		expect(await readCollection(scene.system, deliveryId)).toBeNull();
		expect(await appointments(scene, deliveryId)).toEqual([]);
		await reopen(scene, id);
		expect(await appointments(scene, deliveryId)).toHaveLength(1);
		expect(await findViolations(scene.system)).toEqual([]);
	});

	test("keeps its appointment where it is looked for at the very moment of that", async () => {
		const { scene, id, deliveryId } = await buildExpired();
		let looking: Promise<Collection | null> | undefined;
		await inTransaction(scene.system, async (tx) => {
			await tx.db.execute(sql`select from timers where subject_id = ${deliveryId} for update`);
			await reopenRequest(tx, await lockRequest(tx, id), await lockDeliveries(tx, id));
			looking = readCollection(scene.system, deliveryId);
			await untilBlocked(scene.db);
		});
		await looking;
		expect(await appointments(scene, deliveryId)).toHaveLength(1);
		expect(await findViolations(scene.system)).toEqual([]);
	});
});

describe("where looking fails", () => {
	test("it is tried ever more slowly, visibly, and what gets through clears it", async () => {
		const { scene, deliveryId } = await buildCollecting();
		const waits: number[] = [];
		for (let time = 0; time < 7; time += 1) {
			await recordUncollected(scene.system, await read(scene, deliveryId), failure("unavailable"));
			waits.push(Math.round((await dueMs(scene, deliveryId)) / 1000));
		}
		expect(waits).toEqual(waits.toSorted((one, other) => one - other));
		expect(waits.at(-1)).toBe(900);
		expect(await readDelivery(scene, deliveryId)).toMatchObject({ status: "delivered", reason: { code: "unavailable" } });
		expect((await eventsOf(scene, deliveryId)).filter((type) => type === "held")).toHaveLength(1);
		await recordCollected(scene.system, await read(scene, deliveryId), { inbound: [], againInMs: 1_000 });
		expect(await readDelivery(scene, deliveryId)).toMatchObject({ status: "delivered", reason: null });
		expect(await read(scene, deliveryId)).toMatchObject({ failures: 0 });
	});

	test("refused credentials hold the integration, which is left alone until then; enabling it looks at once", async () => {
		const { scene, deliveryId } = await buildCollecting();
		await recordUncollected(scene.system, await read(scene, deliveryId), failure("unauthorized"));
		expect(await dueMs(scene, deliveryId)).toBeGreaterThan(50_000);
		expect(await readCollection(scene.system, deliveryId)).toBeNull();
		expect(await dueMs(scene, deliveryId)).toBeGreaterThan(50_000);
		await disableIntegration(scene.owner, scene.integration.id);
		expect(await readCollection(scene.system, deliveryId)).toBeNull();
		expect(await dueMs(scene, deliveryId)).toBeGreaterThan(800_000);
		await enableIntegration(scene.owner, scene.integration.id);
		expect(await dueMs(scene, deliveryId)).toBeLessThanOrEqual(0);
		await recordCollected(scene.system, await read(scene, deliveryId), { inbound: [], againInMs: 1_000 });
		const { rows } = await database.db.pool.query("select health from messaging_integrations where id = $1", [scene.integration.id]);
		expect(rows).toEqual([{ health: "healthy" }]);
	});

	test("what is refused for good ends the delivery with the reason, and the request where nobody else can answer", async () => {
		const { scene, id, deliveryIds } = await buildCollecting(2);
		const [one, other] = deliveryIds as [string, string];
		await recordUncollected(scene.system, await read(scene, one), failure("rejected"));
		expect(await readDelivery(scene, one)).toMatchObject({ status: "dead", reason: { code: "rejected", remedy: "Look at the receiver." } });
		expect(await appointments(scene, one)).toEqual([]);
		expect(await readRequest(scene, id)).toMatchObject({ status: "dispatched" });
		await recordUncollected(scene.system, await read(scene, other), failure("rejected"));
		expect(await readRequest(scene, id)).toMatchObject({ status: "failed", reason: { code: "undeliverable" } });

		await retryDelivery(scene.owner, one);
		await attempt(scene, one, failed("unavailable"));
		expect(await readDelivery(scene, one)).toMatchObject({ status: "retrying" });
		expect((await deliveriesOf(scene, id)).find(({ id: key }) => key === one)?.deliveredAt).toBeNull();
	});
});
