import { defaultDeliveryPolicy } from "@agentplanner/contracts";
import { asc, deliveryAttempts, eq, events, messageDeliveries, messagingIntegrations } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getAgent } from "../agents/get-agent.ts";
import { inTransaction } from "../context.ts";
import { untilBlocked } from "../projects/race.ts";
import { acknowledgeRequest } from "../requests/acknowledge-request.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { lockRequest } from "../requests/lock-request.ts";
import {
	agentContext,
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	countPackets,
	delivered,
	eventsOf,
	failed,
	loseLease,
	readDelivery,
	readRequest,
	readResponses,
	say,
	sayAndRecord,
	skipWait,
	timersOf,
} from "../requests/testing.ts";
import { receiveInbound } from "../responses/receive-inbound.ts";
import { recordResponse } from "../responses/record-response.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { type Outcome, recordOutcome } from "./record-outcome.ts";
import { retryScheduleMs } from "./schedule.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildQueued = async (agents = 1, overrides?: Parameters<typeof askAndDispatch>[1]) => {
	const scene = await buildScene(database.db, agents);
	const { id: requestId, deliveryIds } = await askAndDispatch(scene, overrides);
	return { scene, requestId, id: deliveryIds[0], ids: deliveryIds };
};
const attemptsOf = (id: string) =>
	database.db.orm.select().from(deliveryAttempts).where(eq(deliveryAttempts.deliveryId, id)).orderBy(asc(deliveryAttempts.number));
const exchange = {
	request: { method: "POST", url: "http://agent/", headers: {}, body: "{}" },
	response: { status: 200, headers: {}, body: "ok", truncated: false },
};
const answerInline = (id: string, type: "answer" | "working" = "answer") =>
	delivered({ inbound: [{ type, externalId: `inline-${id}`, deliveryId: id, text: "At once", author: null }] });

describe("sending → delivered", () => {
	test("keeps the receipt and the exchange, ends lease and timer, and counts as the agent's sign of life", async () => {
		const { scene, id } = await buildQueued();
		await attempt(scene, id, delivered({ receipt: { platformId: "m-7", data: { channel: "C1" } }, note: "Body cut.", exchange }));
		expect(await readDelivery(scene, id)).toMatchObject({
			status: "delivered",
			receipt: { platformId: "m-7", data: { channel: "C1" } },
			reason: null,
			worker: null,
			leaseUntil: null,
			deliveredAt: expect.any(Date),
		});
		expect(await attemptsOf(id)).toMatchObject([{ outcome: "delivered", detail: "Body cut.", exchange, finishedAt: expect.any(Date) }]);
		expect(await timersOf(scene, id)).toEqual([]);
		expect(await eventsOf(scene, id)).toEqual(["delivered"]);
		expect(await getAgent(scene.owner, scene.agents[0]?.id ?? "")).toMatchObject({ last_seen_at: expect.any(String) });
	});

	test("→ acknowledged at once where the answer came in the same breath, stored once", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, answerInline(id));
		expect(await readDelivery(scene, id)).toMatchObject({ status: "acknowledged" });
		const [response] = await readResponses(scene, requestId);
		expect(response).toMatchObject({ deliveryId: id, text: "At once", outcome: "received" });
		expect(await eventsOf(scene, id)).toEqual(["delivered", "acknowledged"]);
		await recordResponse(scene.system, response?.id ?? "");
		expect((await readRequest(scene, requestId)).status).toBe("completed");
	});

	test("what came in the same breath is not lost for what tables can't hold", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, delivered({ inbound: [{ type: "answer", externalId: "1", deliveryId: id, text: "Yes \0", author: null }] }));
		expect(await readResponses(scene, requestId)).toMatchObject([{ text: "Yes \ufffd" }]);
	});

	test("an agent that says working in the same breath sets the request working", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, answerInline(id, "working"));
		expect(await readRequest(scene, requestId)).toMatchObject({ status: "working", progress: "At once" });
		expect(await readResponses(scene, requestId)).toEqual([]);
	});

	test("twice under one claim writes once", async () => {
		const { scene, id } = await buildQueued();
		const taken = await claim(scene, id);
		const written = await Promise.all([delivered(), failed("rejected")].map((outcome) => recordOutcome(scene.system, taken, outcome)));
		expect(written.toSorted()).toEqual([false, true]);
		expect(await attemptsOf(id)).toHaveLength(1);
		expect(await eventsOf(scene, id)).toHaveLength(1);
	});
});

describe("sending → retrying → sending", () => {
	test("waits as the schedule says, with the reason, an event and a timer at that moment", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, failed("unavailable", { detail: "HTTP 500", exchange }));
		const row = await readDelivery(scene, id);
		expect(row).toMatchObject({ status: "retrying", scheduleStep: 1, reason: { code: "unavailable", message: "HTTP 500" }, worker: null });
		const [timer] = await timersOf(scene, id);
		const waitMs = (row.nextAttemptAt?.getTime() ?? 0) - row.updatedAt.getTime();
		expect(waitMs).toBeGreaterThanOrEqual(3_999);
		expect(waitMs).toBeLessThanOrEqual(6_001);
		expect(timer?.dueMs).toBeLessThanOrEqual(waitMs);
		expect(await attemptsOf(id)).toMatchObject([
			{ outcome: "unavailable", detail: "HTTP 500", nextAttemptAt: row.nextAttemptAt, exchange },
		]);
		expect(await eventsOf(scene, id)).toEqual(["retrying"]);
		expect((await readRequest(scene, requestId)).status).toBe("dispatched");
		await skipWait(scene, id);
		expect(await claim(scene, id)).toMatchObject({ attempt: 2, uncertainSince: null });
	});

	test("waits longer where the platform asks for it, at most a day", async () => {
		const { scene, ids } = await buildQueued(2);
		const hours: number[] = [];
		for (const [index, retryAfterMs] of [7_200_000, 10 * 365 * 86_400_000].entries()) {
			await attempt(scene, ids[index] ?? "", failed("unavailable", { retryAfterMs }));
			const [timer] = await timersOf(scene, ids[index] ?? "");
			hours.push(Math.round((timer?.dueMs ?? 0) / 3_600_000));
		}
		expect(hours).toEqual([2, 24]);
	});
});

describe("sending → unknown", () => {
	test("when the platform may have it; the next claim looks first", async () => {
		const { scene, id } = await buildQueued();
		await attempt(scene, id, failed("unavailable", { mayHaveBeenAccepted: true }));
		expect(await readDelivery(scene, id)).toMatchObject({ status: "unknown", scheduleStep: 1 });
		expect(await attemptsOf(id)).toMatchObject([{ outcome: "unknown" }]);
		expect(await eventsOf(scene, id)).toEqual(["unknown"]);
		expect(await timersOf(scene, id)).toHaveLength(1);
		await skipWait(scene, id);
		expect(await claim(scene, id)).toMatchObject({ uncertainSince: expect.any(Date) });
	});

	test("→ delivered, when the platform has it", async () => {
		const { scene, id } = await buildQueued();
		await attempt(scene, id, failed("unavailable", { mayHaveBeenAccepted: true }));
		await skipWait(scene, id);
		await attempt(scene, id, delivered({ note: "Found." }));
		expect(await readDelivery(scene, id)).toMatchObject({ status: "delivered", reason: null });
		expect(await attemptsOf(id)).toMatchObject([{ outcome: "unknown" }, { outcome: "delivered", detail: "Found." }]);
	});

	test("→ dead as unclear, when nobody can tell; a person decides", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, failed("unavailable", { mayHaveBeenAccepted: true }));
		await skipWait(scene, id);
		await attempt(scene, id, { kind: "unclear" });
		expect(await readDelivery(scene, id)).toMatchObject({
			status: "dead",
			reason: { code: "unclear", remedy: expect.stringContaining("Retry now") },
		});
		expect(await attemptsOf(id)).toMatchObject([
			{ outcome: "unknown" },
			{ outcome: "unknown", detail: expect.stringContaining("Nobody can tell") },
		]);
		expect(await timersOf(scene, id)).toEqual([]);
		expect(await readRequest(scene, requestId)).toMatchObject({ status: "failed", reason: { code: "undeliverable" } });
	});

	test.each(["unavailable", "rate_limited", "unauthorized"] as const)(
		"stays unknown where looking fails as %s, so that it isn't sent blindly",
		async (kind) => {
			const { scene, id } = await buildQueued();
			await attempt(scene, id, failed("unavailable", { mayHaveBeenAccepted: true }));
			await skipWait(scene, id);
			await attempt(scene, id, failed(kind));
			expect(await readDelivery(scene, id)).toMatchObject({ status: "unknown", reason: { code: kind } });
			await skipWait(scene, id);
			expect(await claim(scene, id)).toMatchObject({ uncertainSince: expect.any(Date) });
		},
	);
});

describe("who says that it works on it while the attempt still runs", () => {
	test.each(["outcome", "takeover"] as const)("has it, whatever the attempt says (%s)", async (end) => {
		const { scene, requestId, id } = await buildQueued();
		const taken = await claim(scene, id);
		await acknowledgeRequest(await agentContext(scene, id), requestId);
		expect(await getAgent(scene.owner, scene.agents[0]?.id ?? "")).toMatchObject({ last_seen_at: expect.any(String) });
		const { deliveredAt } = await readDelivery(scene, id);
		if (end === "outcome") await recordOutcome(scene.system, taken, failed("unavailable", { mayHaveBeenAccepted: true }));
		else {
			await loseLease(scene, id);
			expect(await claimDelivery(scene.system, id, "worker-2")).toBeNull();
		}
		expect(await readDelivery(scene, id)).toMatchObject({ status: "acknowledged", deliveredAt, nextAttemptAt: null });
		expect(deliveredAt).not.toBeNull();
		expect(await eventsOf(scene, id)).toEqual(["acknowledged"]);
		expect(await timersOf(scene, id)).toEqual([]);
	});

	test("is not the platform that says it lets us go", async () => {
		const { scene, id } = await buildQueued();
		await attempt(scene, id, delivered({ inbound: [{ type: "removed", externalId: "r-1", reason: "Uninstalled." }] }));
		expect(await readDelivery(scene, id)).toMatchObject({ status: "delivered" });
	});
});

test("what comes with an outcome and through the ingress at once never ends in a deadlock", async () => {
	for (let round = 0; round < 6; round += 1) {
		const { scene, requestId, id } = await buildQueued();
		const taken = await claim(scene, id);
		const outcome = answerInline(id);
		const inbound = outcome.kind === "delivered" ? outcome.inbound : [];
		await Promise.all([
			recordOutcome(scene.system, taken, outcome),
			...Array.from({ length: 4 }, () => receiveInbound(scene.system, scene.integration.id, inbound)),
		]);
		expect(await readResponses(scene, requestId)).toHaveLength(1);
	}
});

test("what gets through a troubled channel, with a word on another delivery, leaves the channel for last", async () => {
	const { scene, id, ids } = await buildQueued(2);
	const [, other = ""] = ids;
	const taken = await claim(scene, id);
	const channel = eq(messagingIntegrations.id, scene.integration.id);
	await database.db.orm.update(messagingIntegrations).set({ health: "failing" }).where(channel);
	// As whoever enables it: the deliveries that wait for it first.
	const { recording } = await database.db.orm.transaction(async (tx) => {
		await tx.select().from(messageDeliveries).where(eq(messageDeliveries.id, other)).for("no key update");
		const recording = recordOutcome(scene.system, taken, answerInline(other, "working"));
		recording.catch(() => {});
		await untilBlocked(database.db);
		await tx.update(messagingIntegrations).set({ heldReason: null }).where(channel);
		return { recording };
	});
	expect(await recording).toBe(true);
	expect(await database.db.orm.select().from(messagingIntegrations).where(channel)).toMatchObject([{ health: "healthy" }]);
	expect((await readDelivery(scene, other)).status).toBe("acknowledged");
});

test("a failure that ends its request takes the other deliveries first, their channel last", async () => {
	const { scene, requestId, ids } = await buildQueued(2, { answer_policy: { kind: "all" } });
	const [id = "", other = ""] = ids;
	const taken = await claim(scene, id);
	// As whoever claims it, and looks at the channel then.
	const { recording, free } = await database.db.orm.transaction(async (tx) => {
		await tx.select().from(messageDeliveries).where(eq(messageDeliveries.id, other)).for("no key update");
		const recording = recordOutcome(scene.system, taken, failed("rejected"));
		recording.catch(() => {});
		await untilBlocked(database.db);
		const channel = eq(messagingIntegrations.id, scene.integration.id);
		return { recording, free: await tx.select().from(messagingIntegrations).where(channel).for("no key update", { skipLocked: true }) };
	});
	expect(free).toHaveLength(1);
	expect(await recording).toBe(true);
	expect((await readRequest(scene, requestId)).status).toBe("failed");
	expect((await readDelivery(scene, other)).status).toBe("superseded");
});

test("the ingress waits for the request before it stores anything of it", async () => {
	const { scene, requestId, id } = await buildQueued();
	const outcome = answerInline(id, "working");
	const inbound = outcome.kind === "delivered" ? outcome.inbound : [];
	const { receiving } = await inTransaction(scene.system, async (tx) => {
		await lockRequest(tx, requestId);
		const receiving = receiveInbound(scene.system, scene.integration.id, inbound);
		receiving.catch(() => {});
		await untilBlocked(database.db);
		// As recordOutcome does, which has the request and stores the same thing.
		expect(await receiveInbound(tx, scene.integration.id, inbound)).toEqual({ stored: 1, ignored: 0 });
		return { receiving };
	});
	expect(await receiving).toEqual({ stored: 0, ignored: 0 });
});

test.each([
	["fails", () => failed("unavailable")],
	["brings an answer", answerInline],
])("an attempt that %s waits for its request while its delivery is still free", async (_, outcome) => {
	const { scene, requestId, id } = await buildQueued();
	const taken = await claim(scene, id);
	const { recording } = await inTransaction(scene.system, async (tx) => {
		await lockRequest(tx, requestId);
		const recording = recordOutcome(scene.system, taken, outcome(id));
		recording.catch(() => {});
		await untilBlocked(database.db);
		await tx.db.select().from(messageDeliveries).where(eq(messageDeliveries.id, id)).for("no key update", { noWait: true });
		return { recording };
	});
	expect(await recording).toBe(true);
});

describe("sending → dead", () => {
	test("at once when it was rejected; the request fails with the reason", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, failed("rejected", { detail: "HTTP 400", remedy: "Mend the payload." }));
		expect(await readDelivery(scene, id)).toMatchObject({
			status: "dead",
			reason: { code: "rejected", message: "HTTP 400" },
			nextAttemptAt: null,
		});
		expect(await attemptsOf(id)).toMatchObject([{ outcome: "rejected", nextAttemptAt: null }]);
		expect(await readRequest(scene, requestId)).toMatchObject({
			status: "failed",
			reason: { code: "undeliverable", message: expect.stringContaining("HTTP 400"), remedy: "Mend the payload." },
		});
		expect(await timersOf(scene, id, requestId)).toEqual([]);
		expect(await eventsOf(scene, id)).toEqual(["dead"]);
		expect((await eventsOf(scene, requestId)).at(-1)).toBe("failed");
	});

	test("when the schedule is at its end, after one attempt more than it has waits", async () => {
		const { scene, requestId, id } = await buildQueued();
		for (const _ of retryScheduleMs) {
			await attempt(scene, id, failed("unavailable"));
			expect((await readDelivery(scene, id)).status).toBe("retrying");
			await skipWait(scene, id);
		}
		await attempt(scene, id, failed("unavailable", { detail: "HTTP 503" }));
		expect(await readDelivery(scene, id)).toMatchObject({
			status: "dead",
			attemptCount: retryScheduleMs.length + 1,
			reason: { code: "exhausted", message: expect.stringContaining("HTTP 503") },
		});
		expect((await readRequest(scene, requestId)).status).toBe("failed");
	});

	test("when its integration's own schedule is at its end", async () => {
		const scene = await buildScene(database.db, 1, { deliveryPolicy: { ...defaultDeliveryPolicy, schedule: [2, 3_600] } });
		const [id] = (await askAndDispatch(scene)).deliveryIds;
		for (const seconds of [2, 3_600]) {
			await attempt(scene, id, failed("unavailable"));
			const [timer] = await timersOf(scene, id);
			expect(Math.abs((timer?.dueMs ?? 0) - seconds * 1_000)).toBeLessThan(0.2 * seconds * 1_000 + 1_000);
			await skipWait(scene, id);
		}
		await attempt(scene, id, failed("unavailable"));
		expect(await readDelivery(scene, id)).toMatchObject({ status: "dead", attemptCount: 3, reason: { code: "exhausted" } });
	});

	test("while another can still answer, the request stays open", async () => {
		const { scene, requestId, ids } = await buildQueued(2);
		await attempt(scene, ids[0], failed("rejected"));
		expect((await readRequest(scene, requestId)).status).toBe("dispatched");
		await attempt(scene, ids[1] ?? "", failed("rejected"));
		expect((await readRequest(scene, requestId)).status).toBe("failed");
	});
});

describe("closed while it is being sent", () => {
	const outcomes: [string, (id: string) => Outcome][] = [
		["delivered", () => delivered()],
		["answered at once", (id) => answerInline(id)],
		["rejected", () => failed("rejected")],
		["unauthorized", () => failed("unauthorized")],
		["rate limited", () => failed("rate_limited")],
		["unavailable", () => failed("unavailable")],
		["perhaps accepted", () => failed("unavailable", { mayHaveBeenAccepted: true })],
		["gone", () => failed("rejected", { gone: true })],
		["unclear", () => ({ kind: "unclear" })],
	];
	test.each(outcomes)("it is cancelled when its attempt ends as %s", async (name, outcome) => {
		const { scene, requestId, id } = await buildQueued();
		const taken = await claim(scene, id);
		await cancelRequest(scene.owner, requestId);
		expect(await readDelivery(scene, id)).toMatchObject({ status: "sending", closeAs: "cancelled" });
		expect(await timersOf(scene, id)).toHaveLength(1);

		expect(await recordOutcome(scene.system, taken, outcome(id))).toBe(true);
		expect(await readDelivery(scene, id)).toMatchObject({ status: "cancelled", closeAs: null, worker: null, leaseUntil: null });
		expect((await attemptsOf(id))[0]?.outcome).not.toBeNull();
		expect((await readRequest(scene, requestId)).status).toBe("cancelled");
		const arrived = name === "delivered" || name === "answered at once";
		// Where it arrived, the platform is told that it's over.
		expect((await timersOf(scene, id)).map(({ type }) => type)).toEqual(arrived ? ["message.delivery.settle.due"] : []);
		expect((await eventsOf(scene, id)).at(-1)).toBe("cancelled");
		for (const response of await readResponses(scene, requestId)) {
			await recordResponse(scene.system, response.id);
			expect(await readResponses(scene, requestId)).toMatchObject([{ outcome: "superseded" }]);
		}
	});

	test("it is superseded where another agent's answer came first", async () => {
		const { scene, requestId, ids } = await buildQueued(2);
		const taken = await claim(scene, ids[0]);
		await attempt(scene, ids[1] ?? "");
		await sayAndRecord(scene, ids[1] ?? "", "answer");
		expect(await readDelivery(scene, ids[0])).toMatchObject({ status: "sending", closeAs: "superseded" });
		await recordOutcome(scene.system, taken, failed("unavailable"));
		expect(await readDelivery(scene, ids[0])).toMatchObject({ status: "superseded" });
		expect((await readRequest(scene, requestId)).status).toBe("completed");
	});
});

describe("answered while its own attempt still runs", () => {
	test.each([
		["arrives", delivered()],
		["breaks off", failed("unavailable", { mayHaveBeenAccepted: true })],
		["is refused", failed("rejected")],
	])("it ends acknowledged, though the attempt %s", async (_, outcome) => {
		const { scene, requestId, id } = await buildQueued();
		const taken = await claim(scene, id);
		await sayAndRecord(scene, id, "answer");
		expect(await readDelivery(scene, id)).toMatchObject({ status: "sending", closeAs: null });
		expect((await readRequest(scene, requestId)).status).toBe("completed");
		await recordOutcome(scene.system, taken, outcome);
		expect(await readDelivery(scene, id)).toMatchObject({ status: "acknowledged", deliveredAt: expect.any(Date) });
		expect(await timersOf(scene, id)).toEqual([]);
		expect((await eventsOf(scene, id)).at(-1)).toBe("acknowledged");
	});

	test("also where the answer is stored but not applied yet", async () => {
		const { scene, requestId, id } = await buildQueued();
		const taken = await claim(scene, id);
		const responseId = await say(scene, id, "answer");
		await recordOutcome(scene.system, taken, failed("rejected"));
		expect((await readDelivery(scene, id)).status).toBe("acknowledged");
		expect((await readRequest(scene, requestId)).status).toBe("dispatched");
		await recordResponse(scene.system, responseId);
		expect((await readRequest(scene, requestId)).status).toBe("completed");
	});

	test("also where it is stored while the attempt's end waits for the delivery", async () => {
		const { scene, id } = await buildQueued();
		const taken = await claim(scene, id);
		const { recording } = await database.db.orm.transaction(async (tx) => {
			await tx.select().from(messageDeliveries).where(eq(messageDeliveries.id, id)).for("no key update");
			const recording = recordOutcome(scene.system, taken, delivered());
			recording.catch(() => {});
			await untilBlocked(database.db);
			await say(scene, id, "answer");
			return { recording };
		});
		expect(await recording).toBe(true);
		expect((await readDelivery(scene, id)).status).toBe("acknowledged");
	});
});

test.each([
	["is delivered", () => delivered(), 2],
	["fails", () => failed("unavailable"), 2],
	["brings an answer", answerInline, 4],
])("an attempt that %s is written in few packets", async (_, outcome, packets) => {
	const { scene, id } = await buildQueued();
	const taken = await claim(scene, id);
	expect(await countPackets(database.db, () => recordOutcome(scene.system, taken, outcome(id)))).toBe(packets);
});

test("the outcome's rows and events carry who wrote them", async () => {
	const { scene, id } = await buildQueued();
	await attempt({ ...scene, system: { ...scene.system, actor: { type: "system", name: "deliver-message" }, traceId: "c".repeat(32) } }, id);
	const [event] = await database.db.orm.select().from(events).where(eq(events.subjectId, id));
	expect(event).toMatchObject({ actor: { type: "system", name: "deliver-message" }, traceId: "c".repeat(32), projectId: scene.projectId });
});
