import { randomUUID } from "node:crypto";
import { asc, eq, events, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction, type ProjectContext, type Tx } from "./context.ts";
import { emit } from "./emit.ts";
import { buildProject } from "./testing.ts";
import { deleteTimers, setTimers } from "./timers.ts";

let database: TestDatabase;
let project: ProjectContext;
beforeAll(async () => {
	database = await createTestDatabase();
	project = await buildProject(database.db);
});
afterAll(() => database.drop());

type Step = (tx: Tx<ProjectContext>) => void;
const type = "message.delivery.due";

const dueOf = async (subjectId: string) =>
	(await database.db.orm.select().from(timers).where(eq(timers.subjectId, subjectId))).map(({ data }) => data);
const eventsOf = async (subjectId: string) => {
	const rows = await database.db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(asc(events.id));
	return rows.map((event) => event.type);
};
const wokenBy = async (step: Step) => {
	const { wakes } = await inTransaction(project, (tx) => {
		step(tx);
		return tx.pending;
	});
	return [...wakes].toSorted();
};

describe.each([
	["in one verb", (tx: Tx<ProjectContext>, step: Step) => step(tx)],
	["in a nested one", (tx: Tx<ProjectContext>, step: Step) => inTransaction(tx, step)],
])("the last word on a timer counts, said %s", (_, say) => {
	const set =
		(subjectId: string, data: Record<string, unknown>): Step =>
		(tx) =>
			setTimers(tx, { type, subjectId, dueInMs: 60_000, data });
	const remove =
		(subjectId: string): Step =>
		(tx) =>
			deleteTimers(tx, subjectId, type);

	test.each([
		["deleted", []],
		["set", [{ said: "last" }]],
	])("%s", async (last, expected) => {
		const [fresh, known] = [randomUUID(), randomUUID()];
		await inTransaction(project, set(known, { said: "before" }));
		await inTransaction(project, async (tx) => {
			for (const id of [fresh, known]) {
				// The same subject, in whatever letters.
				const steps = [set(id, { said: "last" }), remove(id.toUpperCase())];
				const [first, second] = last === "deleted" ? steps : steps.toReversed();
				first?.(tx);
				if (second) await say(tx, second);
			}
		});
		expect(await dueOf(fresh)).toEqual(expected);
		expect(await dueOf(known)).toEqual(expected);
	});
});

test("events of nested verbs stand in the order in which they were told", async () => {
	const subjectId = randomUUID();
	await inTransaction(project, async (tx) => {
		emit(tx, { type: "token.created", subjectId });
		await inTransaction(tx, (nested) => emit(nested, { type: "plan.link.renewed", subjectId }));
		emit(tx, { type: "token.revoked", subjectId });
	});
	expect(await eventsOf(subjectId)).toEqual(["token.created", "plan.link.renewed", "token.revoked"]);
});

test("nothing is written of a nested verb that failed, nor around it, though its error was caught", async () => {
	const subjectId = randomUUID();
	const caught = inTransaction(project, async (tx) => {
		emit(tx, { type: "token.created", subjectId });
		await inTransaction(tx, (nested) => {
			emit(nested, { type: "plan.link.renewed", subjectId });
			throw new Error("Stop");
		}).catch(() => {});
	});
	await expect(caught).rejects.toThrow("its error was caught");
	expect(await eventsOf(subjectId)).toEqual([]);
});

describe("who is woken", () => {
	const subjectId = randomUUID();
	test.each<[string, Step, string[]]>([
		["by an event", (tx) => emit(tx, { type: "plan.link.renewed", subjectId }), ["events"]],
		["by an event that a workflow listens to", (tx) => emit(tx, { type: "agent.decision.vote.received", subjectId }), ["events", "outbox"]],
		["by a timer due at once", (tx) => setTimers(tx, { type, subjectId, dueInMs: 0 }), ["timers"]],
		["by a timer due at a moment in the past", (tx) => setTimers(tx, { type, subjectId, dueAt: new Date(0) }), ["timers"]],
		["not by one that the relay finds in time", (tx) => setTimers(tx, { type, subjectId, dueInMs: 60_000 }), []],
		["nor by one due at a moment far ahead", (tx) => setTimers(tx, { type, subjectId, dueAt: new Date(Date.now() + 60_000) }), []],
		["nor by one that is deleted", (tx) => deleteTimers(tx, subjectId, type), []],
	])("%s", async (_, step, channels) => {
		expect(await wokenBy(step)).toEqual(channels);
	});
});
