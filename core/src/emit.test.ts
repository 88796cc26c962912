import { randomUUID } from "node:crypto";
import { describeEventTypes, maxEventDataBytes, triggerEventTypes } from "@agentplanner/contracts";
import { eq, events, outbox } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, expectTypeOf, test } from "vitest";
import { inTransaction } from "./context.ts";
import { emit, type NewEvent } from "./emit.ts";
import { TooLargeError } from "./errors.ts";
import { buildContext, buildProject } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const eventsOf = (subjectId: string) => database.db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(events.id);

test("only what a workflow listens to gets an outbox row", async () => {
	const project = await buildProject(database.db);
	const subjectId = randomUUID();
	const triggers = describeEventTypes()
		.filter(({ type }) => (triggerEventTypes as string[]).includes(type))
		.map(({ type, example }) => ({ type, subjectId, data: example.data }) as NewEvent);
	await inTransaction(project, (tx) => emit(tx, { type: "plan.link.renewed", subjectId }, ...triggers));
	const written = await eventsOf(subjectId);
	expect(written).toHaveLength(triggerEventTypes.length + 1);
	const told = await database.db.orm.select().from(outbox);
	expect(told.map(({ type }) => type).toSorted()).toEqual([...triggerEventTypes].toSorted());
	for (const row of told) expect(written.find(({ id }) => id === row.eventId)?.type).toBe(row.type);
});

test("an event says who did it, in which project, request and trace; its position comes later", async () => {
	const project = { ...(await buildProject(database.db)), requestId: "req-1", traceId: "d".repeat(32) };
	const subjectId = randomUUID();
	await inTransaction(project, (tx) => emit(tx, { type: "plan.deleted", subjectId, data: { title: "é" } }));
	expect(await eventsOf(subjectId)).toMatchObject([
		{
			projectId: project.projectId,
			subjectType: "plan",
			requestId: "req-1",
			traceId: "d".repeat(32),
			data: { title: "é" },
			position: null,
			hash: null,
		},
	]);
	const account = randomUUID();
	await inTransaction(buildContext(database.db), (tx) => emit(tx, { type: "user.registered", subjectId: account }));
	expect(await eventsOf(account)).toMatchObject([{ projectId: null, data: {} }]);
});

test("data above 64 KiB is refused with the number of bytes, and nothing of the call is written", async () => {
	const project = await buildProject(database.db);
	const subjectId = randomUUID();
	const fits = "é".repeat((maxEventDataBytes - '{"title":""}'.length) / 2);
	await inTransaction(project, (tx) => emit(tx, { type: "plan.deleted", subjectId, data: { title: fits } }));
	expect(await eventsOf(subjectId)).toHaveLength(1);

	const refused = inTransaction(project, (tx) => {
		const call = () => emit(tx, { type: "plan.link.renewed", subjectId }, { type: "plan.deleted", subjectId, data: { title: `${fits}é` } });
		expect(call).toThrow(TooLargeError);
		expect(call).toThrow("65538 bytes; 65536 are allowed");
	});
	await refused;
	expect(await eventsOf(subjectId)).toHaveLength(1);
});

test("what the catalogue doesn't say is refused by the compiler", () => {
	type Goal<Data> = { type: "goal.created"; subjectId: string; data: Data };
	expectTypeOf<Goal<{ title: string; parent_id: null }>>().toExtend<NewEvent>();
	expectTypeOf<Goal<{ title: string }>>().not.toExtend<NewEvent>();
	expectTypeOf<Goal<{ title: number; parent_id: null }>>().not.toExtend<NewEvent>();
	expectTypeOf<Omit<Goal<unknown>, "data">>().not.toExtend<NewEvent>();
	expectTypeOf<{ type: "goal.painted"; subjectId: string }>().not.toExtend<NewEvent>();
});

test("emitting nothing writes nothing and wakes nobody", async () => {
	const project = await buildProject(database.db);
	const { wakes } = await inTransaction(project, (tx) => {
		emit(tx);
		return tx.pending;
	});
	expect([...wakes]).toEqual([]);
});
