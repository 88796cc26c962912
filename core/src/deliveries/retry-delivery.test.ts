import { eq, messageDeliveries, messagingIntegrations, outbox, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";
import { disableIntegration } from "../integrations/disable-integration.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { expireRequest } from "../requests/expire-request.ts";
import {
	agentContext,
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	delivered,
	eventsOf,
	failed,
	passDeadline,
	readDelivery,
	readRequest,
	sayAndRecord,
	timersOf,
} from "../requests/testing.ts";
import { buildMember } from "../testing.ts";
import { claimDelivery } from "./claim-delivery.ts";
import { recordOutcome } from "./record-outcome.ts";
import { retryDelivery } from "./retry-delivery.ts";

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

describe("a delivery that waits", () => {
	test("is sent now: it alone passes its integration's hold, once, and a wake-up is told", async () => {
		const { scene, id, ids } = await buildQueued(2);
		const held = () => database.db.orm.select().from(messagingIntegrations).where(eq(messagingIntegrations.id, scene.integration.id));
		await attempt(scene, id, failed("rate_limited", { retryAfterMs: 3_600_000 }));
		const [before] = await held();
		expect(await retryDelivery(scene.owner, id)).toMatchObject({ id, status: "retrying", reason: null, next_attempt_at: null });
		expect(await eventsOf(scene, id)).toEqual(["retrying", "queued"]);
		const { rows } = await database.db.orm.execute(
			sql`select from ${outbox} o join events e on e.id = o.event_id where e.subject_id = ${id}`,
		);
		expect(rows).toHaveLength(1);
		const timers = await timersOf(scene, id);
		expect(timers).toHaveLength(1);
		expect(timers[0]?.dueMs).toBeLessThanOrEqual(60_000);
		expect(await held()).toEqual([before]);
		expect(await claimDelivery(scene.system, ids[1] ?? "", "worker-1")).toBeNull();
		const taken = await claim(scene, id);
		expect(taken).toMatchObject({ attempt: 2 });
		await recordOutcome(scene.system, taken, failed("unavailable"));
		await database.db.orm.update(messageDeliveries).set({ nextAttemptAt: null }).where(eq(messageDeliveries.id, id));
		expect(await claimDelivery(scene.system, id, "worker-1")).toBeNull();
		expect((await held())[0]?.heldUntil).toEqual(before?.heldUntil);
	});

	test("and may have arrived is looked for, not sent blindly", async () => {
		const { scene, id } = await buildQueued();
		await attempt(scene, id, failed("unavailable", { mayHaveBeenAccepted: true }));
		await retryDelivery(scene.owner, id);
		expect(await claim(scene, id)).toMatchObject({ uncertainSince: expect.any(Date) });
	});
});

describe("a dead delivery", () => {
	test("is replayed under the same id from the schedule's start, and reopens the request that failed", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, failed("unavailable"));
		await retryDelivery(scene.owner, id);
		await attempt(scene, id, failed("rejected"));
		expect((await readRequest(scene, requestId)).status).toBe("failed");

		expect(await retryDelivery(scene.owner, id)).toMatchObject({ id, status: "queued", reason: null, attempt_count: 2 });
		expect(await readDelivery(scene, id)).toMatchObject({ scheduleStep: 0 });
		expect(await readRequest(scene, requestId)).toMatchObject({ status: "dispatched", reason: null, closedAt: null });
		expect((await eventsOf(scene, requestId)).at(-1)).toBe("reopened");
		expect((await timersOf(scene, requestId, id)).map(({ type }) => type)).toEqual(["agent.request.deadline.due", "message.delivery.due"]);
		await attempt(scene, id);
		await sayAndRecord(scene, id, "answer");
		expect((await readRequest(scene, requestId)).status).toBe("completed");
	});

	test("reopens a request that expired, with a day to answer, also for those that were still asked", async () => {
		const { scene, requestId, ids } = await buildQueued(2);
		const [dead, waiting] = ids as [string, string];
		await attempt(scene, dead, failed("rejected"));
		await attempt(scene, waiting);
		await passDeadline(scene, requestId);
		await expireRequest(scene.system, requestId);
		expect((await readRequest(scene, requestId)).status).toBe("expired");
		expect(await readDelivery(scene, waiting)).toMatchObject({ status: "cancelled" });

		await retryDelivery(scene.owner, dead);
		const request = await readRequest(scene, requestId);
		expect(request.status).toBe("dispatched");
		expect(Math.round((request.deadlineAt.getTime() - Date.now()) / 3_600_000)).toBe(24);
		const deadline = (await timersOf(scene, requestId))[0];
		expect(Math.round((deadline?.dueMs ?? 0) / 3_600_000)).toBe(24);
		expect(await readDelivery(scene, waiting)).toMatchObject({ status: "delivered" });
		expect(await timersOf(scene, waiting)).toEqual([]);
		await expireRequest(scene.system, requestId);
		expect((await readRequest(scene, requestId)).status).toBe("dispatched");
	});

	test.each(["all", "quorum"] as const)(
		"under %s the others can answer again, so that the replay can complete the request",
		async (kind) => {
			const policy = kind === "all" ? { kind } : { kind, count: 3 };
			const { scene, requestId, ids } = await buildQueued(4, { answer_policy: policy });
			const [dead, answered, late, arrived] = ids as [string, string, string, string];
			await attempt(scene, arrived);
			await attempt(scene, answered);
			await sayAndRecord(scene, answered, "answer");
			if (kind === "quorum") await sayAndRecord(scene, arrived, "declined");
			const sending = await claim(scene, late);
			await attempt(scene, dead, failed("rejected"));
			expect((await readRequest(scene, requestId)).status).toBe("failed");
			expect(await readDelivery(scene, late)).toMatchObject({ status: "sending", closeAs: "superseded" });

			await retryDelivery(scene.owner, dead);
			await recordOutcome(scene.system, sending, delivered());
			expect(await readDelivery(scene, late)).toMatchObject({ status: "delivered" });
			expect(await readDelivery(scene, answered)).toMatchObject({ status: "acknowledged" });
			expect(await readDelivery(scene, arrived)).toMatchObject({ status: kind === "all" ? "delivered" : "acknowledged" });
			await attempt(scene, dead);
			for (const id of [late, dead]) {
				expect((await readRequest(scene, requestId)).status).toBe("dispatched");
				await sayAndRecord(scene, id, "answer");
			}
			if (kind === "all") await sayAndRecord(scene, arrived, "answer");
			expect((await readRequest(scene, requestId)).status).toBe("completed");
		},
	);

	test("of an answered, declined or cancelled request stays dead", async () => {
		for (const end of ["completed", "rejected", "cancelled"] as const) {
			const { scene, requestId, ids } = await buildQueued(2);
			const [dead, other] = ids as [string, string];
			await attempt(scene, dead, failed("rejected"));
			await attempt(scene, other);
			if (end === "cancelled") await cancelRequest(scene.owner, requestId);
			else await sayAndRecord(scene, other, end === "completed" ? "answer" : "declined");
			expect((await readRequest(scene, requestId)).status).toBe(end);
			await expect(retryDelivery(scene.owner, dead)).rejects.toThrow("Ask again instead");
			expect((await readDelivery(scene, dead)).status).toBe("dead");
		}
	});

	test("two replays at once are one", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, failed("rejected"));
		await Promise.all([retryDelivery(scene.owner, id), retryDelivery(scene.owner, id)]);
		expect((await eventsOf(scene, requestId)).filter((type) => type === "reopened")).toHaveLength(1);
		expect(await timersOf(scene, id)).toHaveLength(1);
	});
});

describe("refused", () => {
	test("while it is being sent, and once it arrived or was closed", async () => {
		const { scene, id } = await buildQueued();
		await claim(scene, id);
		await expect(retryDelivery(scene.owner, id)).rejects.toThrow("being sent right now");
		for (const status of ["delivered", "acknowledged", "cancelled", "superseded"] as const) {
			await database.db.orm.update(messageDeliveries).set({ status, worker: null, leaseUntil: null }).where(eq(messageDeliveries.id, id));
			const error = await retryDelivery(scene.owner, id).catch((caught: unknown) => caught);
			expect(error, status).toBeInstanceOf(ConflictError);
			expect((error as Error).message).toContain(status);
		}
		expect(await eventsOf(scene, id)).toEqual([]);
	});

	test("while its integration is disabled, and the request stays as it is", async () => {
		const { scene, requestId, id } = await buildQueued();
		await attempt(scene, id, failed("rejected"));
		await disableIntegration(scene.owner, scene.integration.id);
		await expect(retryDelivery(scene.owner, id)).rejects.toThrow("Enable it first");
		expect((await readRequest(scene, requestId)).status).toBe("failed");
		expect((await readDelivery(scene, id)).status).toBe("dead");
	});

	test("for a viewer, a stranger, an agent, and another project", async () => {
		const { scene, id } = await buildQueued();
		await expect(retryDelivery(await buildMember(database.db, scene.projectId, "viewer"), id)).rejects.toThrow(ForbiddenError);
		const stranger = await buildScene(database.db);
		await expect(retryDelivery(stranger.owner, id)).rejects.toThrow(NotFoundError);
		await expect(retryDelivery({ ...stranger.owner, projectId: scene.projectId }, id)).rejects.toThrow(NotFoundError);
		await expect(retryDelivery(await agentContext(scene, id), id)).rejects.toThrow(ForbiddenError);
		expect(await eventsOf(scene, id)).toEqual([]);
	});
});
