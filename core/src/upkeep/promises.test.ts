import { agentRequests, and, eq, events, sql, timers, violations } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cancelRequest } from "../requests/cancel-request.ts";
import { expireRequest } from "../requests/expire-request.ts";
import { ask, askAndDispatch, attempt, buildScene, failed, passDeadline, type Scene, sayAndRecord } from "../requests/testing.ts";
import { createRowCounter } from "../testing-explain.ts";
import { checkPromises } from "./check-promises.ts";
import { findViolations } from "./find-violations.ts";
import { getProjectHealth } from "./get-project-health.ts";
import { readMetrics } from "./read-metrics.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const set = (id: string, values: Partial<typeof agentRequests.$inferInsert>) =>
	database.db.orm.update(agentRequests).set(values).where(eq(agentRequests.id, id));

/** One request for every way in which one can end, and one that is open. */
const buildEnds = async () => {
	const scene = await buildScene(database.db);
	const answered = await askAndDispatch(scene);
	await sayAndRecord(scene, answered.deliveryIds[0], "answer");
	const declined = await askAndDispatch(scene);
	await sayAndRecord(scene, declined.deliveryIds[0], "declined");
	const dead = await askAndDispatch(scene);
	await attempt(scene, dead.deliveryIds[0], failed("rejected"));
	const cancelled = await ask(scene);
	await cancelRequest(scene.owner, cancelled.id);
	const expired = await ask(scene);
	await passDeadline(scene, expired.id);
	await expireRequest(scene.system, expired.id);
	return { scene, answered, declined, open: await askAndDispatch(scene) };
};

const sum = ({ accepted: _, ...others }: Record<string, number>) => Object.values(others).reduce((total, count) => total + count, 0);

test("all that was accepted is answered, open, dead, cancelled or expired", async () => {
	const { scene } = await buildEnds();
	const { requests, deliveries, violations: found } = await getProjectHealth(scene.owner);
	expect(requests).toEqual({ accepted: 6, answered: 2, open: 1, dead: 1, cancelled: 1, expired: 1 });
	expect(deliveries).toEqual({ queued: 1, sending: 0, retrying: 0, unknown: 0, dead: 1 });
	expect(found).toEqual([]);
});

describe("what doesn't add up is found", () => {
	test.each([
		["completed request without an answer", "declined", { status: "completed" }],
		["rejected request without a decline", "answered", { status: "rejected" }],
		["delivery under way of a request that has ended", "open", { status: "cancelled", closedAt: new Date() }],
	] as const)("%s", async (rule, which, values) => {
		const ends = await buildEnds();
		const { id, deliveryIds } = ends[which];
		await set(id, values);
		const health = await getProjectHealth(ends.scene.owner);
		expect(health.violations).toMatchObject([{ rule, count: 1, subjects: [which === "open" ? deliveryIds[0] : id], since: null }]);
		await checkPromises(ends.scene.system);
		expect((await getProjectHealth(ends.scene.owner)).violations).toMatchObject([{ rule, since: expect.any(String) }]);
		await database.db.orm.execute(sql`delete from projects where id = ${ends.scene.projectId}`);
	});

	test("an open request that nothing will wake isn't counted as open", async () => {
		const { scene, open } = await buildEnds();
		await database.db.orm.delete(timers).where(eq(timers.subjectId, open.id));
		const { requests, violations: found } = await getProjectHealth(scene.owner);
		expect(requests.accepted - sum(requests)).toBe(1);
		expect(found).toMatchObject([{ rule: "open request without a timer", subjects: [open.id] }]);
		await database.db.orm.execute(sql`delete from projects where id = ${scene.projectId}`);
	});
});

describe("checkPromises", () => {
	const told = ({ projectId }: Scene) =>
		database.db.orm
			.select({ type: events.type, data: events.data })
			.from(events)
			.where(and(eq(events.projectId, projectId), sql`type like 'project.promise.%'`))
			.orderBy(events.id);
	const breakSome = (scene: Scene) =>
		database.db.orm.delete(timers).where(and(eq(timers.projectId, scene.projectId), eq(timers.type, "message.delivery.due")));

	test("tells once of what it finds, however often and wherever it is found, and once that it is over", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await askAndDispatch(scene);
		const other = await askAndDispatch(scene);
		await breakSome(scene);
		await Promise.all([checkPromises(scene.system), checkPromises(scene.system)]);
		const broken = await checkPromises(scene.system);
		const rule = "open delivery without a timer";
		const subjects = [deliveryIds[0], other.deliveryIds[0]].toSorted();
		expect(broken).toEqual([{ projectId: scene.projectId, rule, count: 2, subjects }]);
		expect(await told(scene)).toEqual([{ type: "project.promise.broken", data: { rule, count: 2, subjects } }]);
		expect(await readMetrics(scene.system)).toContain(`agentplanner_violations{rule="${rule}"} 2\n`);

		await cancelRequest(scene.owner, id);
		expect(await checkPromises(scene.system)).toMatchObject([{ count: 1 }]);
		await cancelRequest(scene.owner, other.id);
		expect(await checkPromises(scene.system)).toEqual([]);
		expect((await told(scene)).map(({ type }) => type)).toEqual(["project.promise.broken", "project.promise.kept"]);
		expect(await database.db.orm.select().from(violations)).toEqual([]);

		await askAndDispatch(scene);
		await breakSome(scene);
		await checkPromises(scene.system);
		expect(await told(scene)).toHaveLength(3);
		await database.db.orm.execute(sql`delete from projects where id = ${scene.projectId}`);
	});

	test("looks at what ended in the last hour, and the whole look at everything", async () => {
		const { scene, declined } = await buildEnds();
		await set(declined.id, { status: "completed", closedAt: new Date(Date.now() - 2 * 3_600_000) });
		expect(await checkPromises(scene.system)).toEqual([]);
		expect(await findViolations(scene.system)).toEqual([{ rule: "completed request without an answer", subject: declined.id }]);
		await database.db.orm.execute(sql`delete from projects where id = ${scene.projectId}`);
	});
});

test("readMetrics tells how many there are of everything that waits, and for how long", async () => {
	const own = await createTestDatabase();
	try {
		const countRows = createRowCounter(own.db);
		const scene = await buildScene(own.db);
		const { deliveryIds } = await askAndDispatch(scene);
		const second = await askAndDispatch(scene);
		await attempt(scene, second.deliveryIds[0], failed("rejected"));
		await own.db.orm.update(timers).set({ dueAt: sql`now() - interval '90 seconds'` }).where(eq(timers.subjectId, deliveryIds[0]));
		const lines = (await readMetrics(scene.system)).split("\n");
		expect(lines).toEqual(
			expect.arrayContaining([
				"# TYPE agentplanner_deliveries gauge",
				'agentplanner_deliveries{status="queued"} 1',
				'agentplanner_deliveries{status="sending"} 0',
				'agentplanner_deliveries{status="dead"} 1',
				'agentplanner_open_requests{status="dispatched"} 1',
				"agentplanner_dead_letters 1",
				"agentplanner_timers_due 1",
				expect.stringMatching(/^agentplanner_timer_lag_seconds 9\d\.\d+$/),
				expect.stringMatching(/^agentplanner_outbox_events\{state="waiting"\} [1-9]\d*$/),
				"agentplanner_workers 0",
			]),
		);
		// However much has been done: it looks at what waits.
		await own.db.orm.execute(sql`
			insert into message_deliveries (project_id, kind, integration_id, content, status)
			select project_id, 'text', integration_id, '{}', 'delivered' from message_deliveries, generate_series(1, 3000) where id = ${deliveryIds[0]}`);
		await own.db.orm.execute(sql`analyze`);
		expect((await countRows(() => readMetrics(scene.system))).message_deliveries).toBeLessThan(20);
		// Every line is a comment or a sample, as Prometheus reads them.
		for (const line of lines.slice(0, -1)) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"\\]*"\})? \d+(\.\d+)?)$/);
	} finally {
		await own.drop();
	}
});
