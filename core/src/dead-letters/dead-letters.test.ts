import { deadReasonCodes, reasonCatalogue } from "@agentplanner/contracts";
import { auditLogs, count, eq, inArray, messageDeliveries, messagingIntegrations, plans, projectMembers, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimDelivery } from "../deliveries/claim-delivery.ts";
import { retryDelivery } from "../deliveries/retry-delivery.ts";
import { ConflictError, ForbiddenError, UnprocessableError } from "../errors.ts";
import { reasons } from "../reasons.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import {
	askAndDispatch,
	attempt,
	buildScene,
	countBytesRead,
	eventsOf,
	failed,
	readDelivery,
	type Scene,
	timersOf,
} from "../requests/testing.ts";
import { buildIntegration, buildMember, someContent, userIdOf } from "../testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { discardDeadLetters, discardDelivery, restoreDelivery } from "./discard.ts";
import { listDeadLetters, summarizeDeadLetters } from "./list-dead-letters.ts";
import { previewReplay } from "./preview-replay.ts";
import { cancelReplay, getReplay, pauseReplay, resumeReplay, startReplay } from "./replays.ts";
import { continueReplayJob } from "./run-replay.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const giveUp = async (scene: Scene) => {
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0], failed("rejected"));
	return { requestId: id, deliveryId: deliveryIds[0] };
};

/** Plain messages that gave up, straight in the table. */
const manyDead = async (scene: Scene, howMany: number): Promise<string[]> => {
	const reason = { code: "exhausted", message: "Every attempt failed.", remedy: "Mend it." };
	const { projectId, integration } = scene;
	const row = { projectId, integrationId: integration.id, kind: "text" as const, content: someContent, status: "dead" as const, reason };
	const rows = await database.db.orm
		.insert(messageDeliveries)
		.values(Array.from({ length: howMany }, () => row))
		.returning({ id: messageDeliveries.id });
	return rows.map(({ id }) => id);
};

const age = (ids: string[], days: number) =>
	database.db.orm
		.update(messageDeliveries)
		.set({ createdAt: sql`now() - ${days} * interval '1 day'` })
		.where(inArray(messageDeliveries.id, ids));

const all = { limit: 50, state: "open" as const };

/** As if the second of the last batch were over. */
const nextBatch = async (scene: Scene, jobId: string) => {
	await database.db.orm.execute(sql`update replay_jobs set next_batch_at = now() where id = ${jobId}`);
	await continueReplayJob(scene.system, jobId);
};

const statusesOf = async (ids: string[]) => {
	const rows = await database.db.orm
		.select({ status: messageDeliveries.status, count: count() })
		.from(messageDeliveries)
		.where(inArray(messageDeliveries.id, ids))
		.groupBy(messageDeliveries.status);
	return Object.fromEntries(rows.map((row) => [row.status, row.count]));
};

test("every reason code has a title and a remedy, those of dead ones among them", () => {
	const codes = Object.values(reasons).map((reason) => (reason as (...given: never[]) => { code: string })(...([] as never[])).code);
	expect(Object.keys(reasonCatalogue)).toEqual(expect.arrayContaining([...codes, ...deadReasonCodes]));
	for (const { title, remedy } of Object.values(reasonCatalogue)) {
		expect(title).toMatch(/^[A-Z].{8,}[^.]$/);
		expect(remedy).toMatch(/^[A-Z].{15,}\.$/);
	}
});

describe("the list", () => {
	test("names what each was about, by every filter, and counts by cause", async () => {
		const scene = await buildScene(database.db);
		const { deliveryId } = await giveUp(scene);
		const [text = ""] = await manyDead(scene, 1);
		expect((await listDeadLetters(scene.owner, all)).items).toMatchObject([
			{ id: text, title: null, reason: { code: "exhausted" } },
			{ id: deliveryId, title: scene.node.title, plan_id: scene.node.planId, reason: { code: "rejected" }, discarded: null },
		]);
		const first = await listDeadLetters(scene.owner, { ...all, limit: 1 });
		expect((await listDeadLetters(scene.owner, { ...all, cursor: first.next_cursor ?? "" })).items.map(({ id }) => id)).toEqual([
			deliveryId,
		]);
		const other = await buildIntegration(database.db, scene.projectId);
		const future = new Date(Date.now() + 60_000).toISOString();
		for (const [filter, found] of [
			[{ integration_id: scene.integration.id }, 2],
			[{ integration_id: other.id }, 0],
			[{ agent_id: scene.agents[0]?.id }, 1],
			[{ plan_id: scene.node.planId }, 1],
			[{ reason: "exhausted" as const }, 1],
			[{ since: future }, 0],
			[{ until: future }, 2],
		] as const)
			expect((await listDeadLetters(scene.owner, { ...all, ...filter })).items, JSON.stringify(filter)).toHaveLength(found);
		expect(await summarizeDeadLetters(scene.owner, {})).toMatchObject({
			total: 2,
			discarded: 0,
			groups: expect.arrayContaining([
				expect.objectContaining({
					reason: "rejected",
					count: 1,
					remedy: reasonCatalogue.rejected.remedy,
					last_message: "It was rejected.",
				}),
				expect.objectContaining({ reason: "exhausted", count: 1, integration_name: scene.integration.name }),
			]),
		});
	});

	test("shows nobody what is in plans that they don't see", async () => {
		const scene = await buildScene(database.db);
		await giveUp(scene);
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, scene.node.planId));
		const editor = await buildMember(database.db, scene.projectId, "editor");
		expect((await listDeadLetters(editor, all)).items).toEqual([]);
		expect(await summarizeDeadLetters(editor, {})).toMatchObject({ total: 0, groups: [] });
		expect(await previewReplay(editor, {})).toMatchObject({ total: 0 });
		expect(await discardDeadLetters(editor, {}, "Old")).toEqual({ discarded: 0, left: 0 });
		expect((await listDeadLetters(scene.owner, all)).items).toHaveLength(1);
	});
});

describe("discarding", () => {
	test("takes one off the list, with who and why, and brings it back; meanwhile it is not sent", async () => {
		const scene = await buildScene(database.db);
		const { deliveryId } = await giveUp(scene);
		expect(await discardDelivery(scene.owner, deliveryId, "Asked by phone")).toMatchObject({
			status: "dead",
			discarded: { reason: "Asked by phone", by: "owner" },
		});
		expect((await listDeadLetters(scene.owner, all)).items).toEqual([]);
		expect((await listDeadLetters(scene.owner, { ...all, state: "discarded" })).items).toHaveLength(1);
		expect(await summarizeDeadLetters(scene.owner, {})).toMatchObject({ total: 0, discarded: 1 });
		await expect(discardDelivery(scene.owner, deliveryId, "Again")).rejects.toThrow(ConflictError);
		await expect(retryDelivery(scene.owner, deliveryId)).rejects.toThrow("discarded by owner");
		await expect(startReplay(scene.owner, { filter: {}, rate_per_second: 5 })).rejects.toThrow(UnprocessableError);
		await expect(restoreDelivery(await buildMember(database.db, scene.projectId, "viewer"), deliveryId)).rejects.toThrow(ForbiddenError);
		expect(await restoreDelivery(scene.owner, deliveryId)).toMatchObject({ discarded: null });
		await expect(restoreDelivery(scene.owner, deliveryId)).rejects.toThrow(ConflictError);
		expect(await retryDelivery(scene.owner, deliveryId)).toMatchObject({ status: "queued" });
		expect(await eventsOf(scene, deliveryId)).toEqual(["dead", "discarded", "restored", "queued"]);
		const audited = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.subjectId, deliveryId));
		expect(audited.map(({ type }) => type)).toEqual(["delivery.discarded", "delivery.restored", "delivery.replayed"]);
	});

	test("takes what matches, and leaves the rest", async () => {
		const scene = await buildScene(database.db);
		await giveUp(scene);
		const ids = await manyDead(scene, 1_003);
		expect(await discardDeadLetters(scene.owner, { reason: "exhausted" }, "Test data")).toEqual({ discarded: 1_000, left: 3 });
		expect(await readDelivery(scene, ids[0] ?? "")).toMatchObject({ discardReason: "Test data", status: "dead" });
		expect(await summarizeDeadLetters(scene.owner, {})).toMatchObject({ total: 4, discarded: 1_000 });
	});
});

describe("a replay", () => {
	test("sends each once, no more in a second than asked, and says how far it is", async () => {
		const scene = await buildScene(database.db);
		const ids = await manyDead(scene, 7);
		const job = await startReplay(scene.owner, { filter: {}, rate_per_second: 3 });
		expect(job).toMatchObject({ state: "running", total: 7, done: 0, skipped: [], created_by: "owner" });
		// Two at once are one batch.
		await Promise.all([continueReplayJob(scene.system, job.id), continueReplayJob(scene.system, job.id)]);
		expect(await statusesOf(ids)).toEqual({ queued: 3, dead: 4 });
		expect(await timersOf(scene, job.id)).toMatchObject([{ type: "delivery.replay.due" }]);
		await nextBatch(scene, job.id);
		await nextBatch(scene, job.id);
		expect(await getReplay(scene.owner, job.id)).toMatchObject({ state: "finished", total: 7, done: 7, skipped: [] });
		expect(await timersOf(scene, job.id)).toEqual([]);
		for (const id of ids) expect(await eventsOf(scene, id)).toEqual(["queued"]);
		const audited = await database.db.orm.select().from(auditLogs).where(inArray(auditLogs.subjectId, ids));
		expect(audited.map(({ actor }) => actor.name)).toEqual(Array(7).fill("owner"));
	});

	test("waits out what holds the integration, where somebody's own “Retry now” doesn't", async () => {
		const scene = await buildScene(database.db);
		const [one = "", two = ""] = await manyDead(scene, 2);
		await database.db.orm
			.update(messagingIntegrations)
			.set({ heldUntil: new Date(Date.now() + 60_000), heldReason: "The platform asked for patience." })
			.where(eq(messagingIntegrations.id, scene.integration.id));
		await retryDelivery(scene.owner, one);
		const job = await startReplay(scene.owner, { filter: {}, rate_per_second: 5 });
		await continueReplayJob(scene.system, job.id);
		expect(await claimDelivery(scene.system, two, "w1")).toBeNull();
		expect(await readDelivery(scene, two)).toMatchObject({ status: "queued", reason: { code: "integration_held" }, attemptCount: 0 });
		expect(await claimDelivery(scene.system, one, "w1")).not.toBeNull();
	});

	test("looks at one for each that it sends", async () => {
		const scene = await buildScene(database.db);
		await manyDead(scene, 220);
		const job = await startReplay(scene.owner, { filter: {}, rate_per_second: 20 });
		const bytes = await countBytesRead(database.db, () => continueReplayJob(scene.system, job.id));
		expect(await getReplay(scene.owner, job.id)).toMatchObject({ done: 20 });
		expect(bytes / 20).toBeLessThan(9_000);
	});

	test("goes on where it was when its worker dies, and sends none twice", async () => {
		const scene = await buildScene(database.db);
		const ids = await manyDead(scene, 6);
		const job = await startReplay(scene.owner, { filter: {}, rate_per_second: 4 });
		// The third step fails as it ends: what it did is gone with it.
		let steps = 0;
		const transaction = database.db.orm.transaction.bind(database.db.orm);
		const dying = Object.assign(Object.create(database.db.orm), {
			transaction: (work: never, ...rest: never[]) => {
				steps += 1;
				return transaction(
					steps < 4
						? work
						: ((async (db: never) => {
								await (work as (db: never) => Promise<unknown>)(db);
								throw new Error("killed");
							}) as never),
					...rest,
				);
			},
		}) as typeof database.db.orm;
		await expect(continueReplayJob({ ...scene.system, db: dying }, job.id)).rejects.toThrow("killed");
		expect(await statusesOf(ids)).toEqual({ queued: 2, dead: 4 });
		expect(await getReplay(scene.owner, job.id)).toMatchObject({ state: "running", done: 2 });
		expect(await timersOf(scene, job.id)).toHaveLength(1);
		await nextBatch(scene, job.id);
		await nextBatch(scene, job.id);
		expect(await getReplay(scene.owner, job.id)).toMatchObject({ state: "finished", done: 6 });
		for (const id of ids) expect(await eventsOf(scene, id)).toEqual(["queued"]);
	});

	test("passes over what it shouldn't send, and counts why; the preview says the same", async () => {
		const scene = await buildScene(database.db);
		const cancelled = await giveUp(scene);
		await database.db.orm.execute(sql`update agent_requests set status = 'dispatched', closed_at = null where id = ${cancelled.requestId}`);
		await cancelRequest(scene.owner, cancelled.requestId);
		const ids = await manyDead(scene, 5);
		const disabled = await buildIntegration(database.db, scene.projectId, undefined, { enabled: false });
		await database.db.orm
			.update(messageDeliveries)
			.set({ integrationId: disabled.id })
			.where(eq(messageDeliveries.id, ids[0] ?? ""));
		await age(ids.slice(1, 3), 8);
		const expected = [
			{ reason: "too_old", count: 2 },
			{ reason: "request_ended", count: 1 },
			{ reason: "integration_disabled", count: 1 },
		];
		const preview = await previewReplay(scene.owner, {});
		expect(preview).toMatchObject({ total: 6, replayable: 2, max_age_days: 7 });
		expect(preview.skipped).toEqual(expect.arrayContaining(expected.map((one) => expect.objectContaining(one))));
		expect(await previewReplay(scene.owner, { include_older: true })).toMatchObject({ replayable: 4 });
		const job = await startReplay(scene.owner, { filter: {}, rate_per_second: 50 });
		// Somebody is quicker.
		await retryDelivery(scene.owner, ids[4] ?? "");
		await continueReplayJob(scene.system, job.id);
		const ended = await getReplay(scene.owner, job.id);
		expect(ended).toMatchObject({ state: "finished", total: 6, done: 1 });
		expect(ended.skipped).toEqual(
			expect.arrayContaining([...expected, { reason: "changed", count: 1 }].map((one) => expect.objectContaining(one))),
		);
		expect(await statusesOf(ids)).toEqual({ queued: 2, dead: 3 });
	});

	test("leaves alone what gives up again meanwhile, and what gives up after it began", async () => {
		const scene = await buildScene(database.db);
		const [one = ""] = await manyDead(scene, 2);
		const job = await startReplay(scene.owner, { filter: {}, rate_per_second: 1 });
		await continueReplayJob(scene.system, job.id);
		await attempt(scene, one, failed("rejected"));
		const [late = ""] = await manyDead(scene, 1);
		await database.db.orm
			.update(messageDeliveries)
			.set({ updatedAt: sql`now() + interval '1 second'` })
			.where(eq(messageDeliveries.id, late));
		await nextBatch(scene, job.id);
		await nextBatch(scene, job.id);
		expect(await getReplay(scene.owner, job.id)).toMatchObject({ state: "finished", done: 2 });
		expect(await statusesOf([one, late])).toEqual({ dead: 2 });
	});

	test("is paused, resumed and cancelled; what it has sent stays sent", async () => {
		const scene = await buildScene(database.db);
		const ids = await manyDead(scene, 4);
		const { id } = await startReplay(scene.owner, { filter: {}, rate_per_second: 1 });
		await continueReplayJob(scene.system, id);
		expect(await pauseReplay(scene.owner, id)).toMatchObject({ state: "paused", done: 1 });
		await nextBatch(scene, id);
		expect(await getReplay(scene.owner, id)).toMatchObject({ done: 1 });
		expect(await timersOf(scene, id)).toEqual([]);
		await expect(startReplay(scene.owner, { filter: {}, rate_per_second: 1 })).rejects.toThrow(ConflictError);
		await resumeReplay(scene.owner, id);
		await nextBatch(scene, id);
		expect(await cancelReplay(scene.owner, id)).toMatchObject({ state: "cancelled", done: 2 });
		await expect(resumeReplay(scene.owner, id)).rejects.toThrow("is cancelled");
		await nextBatch(scene, id);
		expect(await statusesOf(ids)).toEqual({ queued: 2, dead: 2 });
		await startReplay(scene.owner, { filter: {}, rate_per_second: 1 });
	});

	test("ends when whoever began it may no longer", async () => {
		const scene = await buildScene(database.db);
		await manyDead(scene, 2);
		const editor = await buildMember(database.db, scene.projectId, "editor");
		const { id } = await startReplay(editor, { filter: {}, rate_per_second: 1 });
		await continueReplayJob(scene.system, id);
		await database.db.orm
			.update(projectMembers)
			.set({ role: "viewer" })
			.where(eq(projectMembers.userId, userIdOf(editor)));
		await nextBatch(scene, id);
		expect(await getReplay(scene.owner, id)).toMatchObject({ state: "cancelled", done: 1 });
	});

	test("without its timer is a violation", async () => {
		const scene = await buildScene(database.db);
		await manyDead(scene, 1);
		const { id } = await startReplay(scene.owner, { filter: {}, rate_per_second: 1 });
		const of = async () => (await findViolations(scene.system)).filter(({ subject }) => subject === id);
		expect(await of()).toEqual([]);
		await database.db.orm.execute(sql`delete from timers where subject_id = ${id}`);
		expect(await of()).toMatchObject([{ rule: "replay job without a timer" }]);
	});
});
