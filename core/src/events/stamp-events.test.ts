import { randomUUID } from "node:crypto";
import { asc, eq, events, isNotNull } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { untilBlocked } from "../projects/race.ts";
import { buildContext, buildProject } from "../testing.ts";
import { currentPosition } from "./current-position.ts";
import { listEvents } from "./list-events.ts";
import { stampEvents } from "./stamp-events.ts";
import { readChainHeads, verifyChain } from "./verify-chain.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const write = (ctx: ProjectContext, title = "", count = 1) =>
	inTransaction(ctx, (tx) =>
		emit(tx, ...Array.from({ length: count }, () => ({ type: "plan.deleted" as const, subjectId: randomUUID(), data: { title } }))),
	);
const drain = async () => {
	let total = 0;
	for (;;) {
		const stamped = await stampEvents(database.db);
		if (stamped === 0) return total;
		if (stamped !== "busy") total += stamped;
	}
};
const positions = async () =>
	(
		await database.db.orm.select({ position: events.position }).from(events).where(isNotNull(events.position)).orderBy(asc(events.position))
	).map(({ position }) => position);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("positions", () => {
	test("have no gap and none comes twice, with many writers and six stampers at once", async () => {
		const projects = [await buildProject(database.db), await buildProject(database.db)] as const;
		let writing = true;
		const stamper = async () => {
			while (writing) await stampEvents(database.db);
		};
		const stampers = Array.from({ length: 6 }, stamper);
		await Promise.all(Array.from({ length: 400 }, (_, index) => write(projects[index % 2 ? 0 : 1], `${index}`, (index % 3) + 1)));
		writing = false;
		await Promise.all(stampers);
		await drain();
		const given = await positions();
		expect(given).toEqual(upTo(given.length));
		expect(given.length).toBeGreaterThanOrEqual(799);
		for (const { projectId } of projects) expect(await verifyChain(database.db, projectId)).toBeNull();
	});

	test("are given by one stamper at a time: another one hears so meanwhile", async () => {
		const project = await buildProject(database.db);
		await drain();
		await write(project);
		const own = eq(events.projectId, project.projectId);
		// Its update waits for this row; by then it has the lock.
		const { stamping, others } = await database.db.orm.transaction(async (tx) => {
			await tx.select().from(events).where(own).for("update");
			const stamping = stampEvents(database.db);
			await untilBlocked(database.db);
			return { stamping: [stamping], others: await Promise.all([stampEvents(database.db), stampEvents(database.db)]) };
		});
		expect(others).toEqual(["busy", "busy"]);
		expect(await Promise.all(stamping)).toEqual([1]);
	});

	test("a late commit gets a later position, so a cursor misses nothing; nobody waits for it", async () => {
		const project = await buildProject(database.db);
		await drain();
		const start = await currentPosition(project);
		const late = { subject: "" };
		await inTransaction(project, async (tx) => {
			late.subject = randomUUID();
			emit(tx, { type: "agent.returned", subjectId: late.subject });
			await write(project);
			await write(project);
			expect(await drain()).toBe(2);
			const seen = await listEvents(project, { limit: 10, cursor: start });
			expect(seen.items).toHaveLength(2);
			expect(seen.next_cursor).toBe(start + 2);
		});
		expect(await drain()).toBe(1);
		const rest = await listEvents(project, { limit: 10, cursor: start + 2 });
		expect(rest.items).toMatchObject([{ subject_id: late.subject, position: start + 3 }]);
		expect(await verifyChain(database.db, project.projectId)).toBeNull();
	});

	test("what is rolled back takes none", async () => {
		const project = await buildProject(database.db);
		await drain();
		const before = await currentPosition(project);
		await expect(
			inTransaction(project, async (tx) => {
				emit(tx, { type: "agent.returned", subjectId: randomUUID() });
				throw new Error("Stop");
			}),
		).rejects.toThrow("Stop");
		await write(project);
		expect(await drain()).toBe(1);
		expect(await currentPosition(project)).toBe(before + 1);
	});

	test("a batch larger than one is stamped whole, in the order of the events", async () => {
		const project = await buildProject(database.db);
		await drain();
		const before = await currentPosition(project);
		await write(project, "", 700);
		expect(await stampEvents(database.db)).toBe(500);
		expect(await stampEvents(database.db)).toBe(200);
		expect(await stampEvents(database.db)).toBe(0);
		const rows = await database.db.orm.select().from(events).where(eq(events.projectId, project.projectId)).orderBy(asc(events.position));
		expect(rows.map(({ position }) => position)).toEqual(upTo(700).map((position) => position + before));
		expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).toSorted());
		expect(await verifyChain(database.db, project.projectId)).toBeNull();
	});
});

describe("the chain of a project", () => {
	const buildChain = async () => {
		const project = await buildProject(database.db);
		for (const index of [1, 2, 3, 4]) await write(project, `é ключ ${index}`);
		await drain();
		const rows = await database.db.orm.select().from(events).where(eq(events.projectId, project.projectId)).orderBy(asc(events.position));
		return { project, rows: rows as [(typeof rows)[0], ...typeof rows] };
	};

	test.each([
		["data", { data: { title: "Another" } }],
		["type", { type: "plan.restored" }],
		["actor", { actor: { type: "system", name: "somebody else" } }],
		["time", { occurredAt: new Date(0) }],
		["trace", { traceId: "x" }],
		["subject", { subjectId: randomUUID() }],
		["hash", { hash: Buffer.alloc(32) }],
	])("shows a changed %s, and where", async (_, change) => {
		const { project, rows } = await buildChain();
		expect(await verifyChain(database.db, project.projectId)).toBeNull();
		await database.db.orm
			.update(events)
			.set(change)
			.where(eq(events.id, rows[1]?.id ?? ""));
		expect(await verifyChain(database.db, project.projectId)).toEqual({
			projectId: project.projectId,
			eventId: rows[1]?.id,
			position: rows[1]?.position,
		});
	});

	test("shows a row that was taken out; other projects' chains are whole", async () => {
		const { project, rows } = await buildChain();
		const other = await buildChain();
		await database.db.orm.delete(events).where(eq(events.id, rows[1]?.id ?? ""));
		expect(await verifyChain(database.db, project.projectId)).toMatchObject({ eventId: rows[2]?.id });
		expect(await verifyChain(database.db, other.project.projectId)).toBeNull();
	});

	test("has its head logged, which a cut tail doesn't match", async () => {
		const { project, rows } = await buildChain();
		const head = async () => (await readChainHeads(project)).find(({ project_id }) => project_id === project.projectId);
		const logged = await head();
		expect(logged).toMatchObject({ position: rows.at(-1)?.position, hash: rows.at(-1)?.hash?.toString("hex") });
		await database.db.orm.delete(events).where(eq(events.id, rows.at(-1)?.id ?? ""));
		expect(await verifyChain(database.db, project.projectId)).toBeNull();
		expect(await head()).not.toEqual(logged);
	});

	test("events of accounts have one of their own", async () => {
		await inTransaction(buildContext(database.db), (tx) => emit(tx, { type: "user.registered", subjectId: randomUUID() }));
		await drain();
		expect(await verifyChain(database.db, null)).toBeNull();
		expect((await readChainHeads(buildContext(database.db))).filter(({ project_id }) => project_id === null)).toHaveLength(1);
	});
});
