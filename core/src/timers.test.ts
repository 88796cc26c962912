import { randomUUID } from "node:crypto";
import { eq, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTransaction } from "./context.ts";
import { buildProject } from "./testing.ts";
import { deleteTimers, setTimers, wakeSoon } from "./timers.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const timersOf = (subjectId: string) => database.db.orm.select().from(timers).where(eq(timers.subjectId, subjectId)).orderBy(timers.type);

test("a timer set again replaces the first one as if it were new, under a new id", async () => {
	const project = await buildProject(database.db);
	const subjectId = randomUUID();
	const set = (dueMs: number) =>
		inTransaction(project, (tx) => setTimers(tx, { type: "message.delivery.due", subjectId, dueInMs: dueMs, data: { dueMs } }));
	await set(1_000);
	const [first] = await timersOf(subjectId);
	await database.db.orm
		.update(timers)
		.set({ fired: 3, lastError: "refused", createdAt: sql`now() - interval '2 days'` })
		.where(eq(timers.subjectId, subjectId));
	await set(60_000);
	const [second, ...others] = await timersOf(subjectId);
	expect(others).toEqual([]);
	expect(second).toMatchObject({ projectId: project.projectId, fired: 0, lastError: null, data: { dueMs: 60_000 } });
	expect(second?.id).not.toBe(first?.id);
	expect(Date.now() - (second?.createdAt.getTime() ?? 0)).toBeLessThan(60_000);
	expect((second?.dueAt.getTime() ?? 0) - (first?.dueAt.getTime() ?? 0)).toBeGreaterThan(50_000);
});

test("one that is woken soon comes within seconds, and is the same", async () => {
	const project = await buildProject(database.db);
	const subjectId = randomUUID();
	await inTransaction(project, (tx) => setTimers(tx, { type: "message.delivery.settle.due", subjectId, dueInMs: 900_000 }));
	const [before] = await timersOf(subjectId);
	await wakeSoon(project, subjectId, "message.delivery.due");
	expect(await timersOf(subjectId)).toEqual([before]);
	await wakeSoon(project, subjectId, "message.delivery.settle.due");
	const [after] = await timersOf(subjectId);
	expect(after).toEqual({ ...before, dueAt: expect.any(Date) });
	expect((after?.dueAt.getTime() ?? 0) - Date.now()).toBeLessThan(5_000);
});

test("of twenty set at once one stands", async () => {
	const project = await buildProject(database.db);
	const subjectId = randomUUID();
	await Promise.all(
		Array.from({ length: 20 }, (_, index) =>
			inTransaction(project, (tx) => setTimers(tx, { type: "message.delivery.due", subjectId, dueInMs: index })),
		),
	);
	expect(await timersOf(subjectId)).toHaveLength(1);
});

test("only the named types of the named subject are deleted, and a rollback keeps them", async () => {
	const project = await buildProject(database.db);
	const [subjectId, other] = [randomUUID(), randomUUID()];
	await inTransaction(project, (tx) =>
		setTimers(
			tx,
			{ type: "message.delivery.due", subjectId, dueInMs: 1_000 },
			{ type: "message.delivery.settle.due", subjectId, dueInMs: 1_000 },
			{ type: "message.delivery.due", subjectId: other, dueInMs: 1_000 },
		),
	);
	const undone = inTransaction(project, async (tx) => {
		deleteTimers(tx, other, "message.delivery.due");
		throw new Error("Stop");
	});
	await expect(undone).rejects.toThrow("Stop");
	await inTransaction(project, (tx) => deleteTimers(tx, subjectId, "message.delivery.due"));
	expect((await timersOf(subjectId)).map(({ type }) => type)).toEqual(["message.delivery.settle.due"]);
	expect(await timersOf(other)).toHaveLength(1);
});
