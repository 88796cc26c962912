import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { events, isNull, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { buildProject } from "../testing.ts";
import { startStamper } from "./start-stamper.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const write = (ctx: ProjectContext, count = 1) =>
	inTransaction(ctx, (tx) =>
		emit(tx, ...Array.from({ length: count }, () => ({ type: "plan.link.renewed" as const, subjectId: randomUUID() }))),
	);
const unstamped = () => database.db.orm.$count(events, isNull(events.position));
const allStamped = async () => {
	for (let tries = 0; tries < 300 && (await unstamped()) > 0; tries += 1) await sleep(10);
	expect(await unstamped()).toBe(0);
};
const start = (errors: Error[] = []) =>
	startStamper({ url: database.url, db: database.db, name: "test", onError: (error) => errors.push(error) });

test("stamps what is committed, and stops when it is closed", async () => {
	const project = await buildProject(database.db);
	const errors: Error[] = [];
	const stamper = start(errors);
	for (let round = 0; round < 3; round += 1) {
		await write(project, 600);
		await allStamped();
	}
	await stamper.close();
	await write(project);
	await sleep(100);
	expect(await unstamped()).toBe(1);
	expect(errors).toEqual([]);
});

test("does not leave to its poll what was committed while another one was at it", async () => {
	const project = await buildProject(database.db);
	const stamper = start();
	await allStamped();
	const waits: number[] = [];
	// Of three in a row no poll helps out all.
	for (let round = 0; round < 3; round += 1) {
		// As another stamper that has read its batch already.
		const other = database.db.orm.transaction((tx) => tx.execute(sql`select pg_advisory_xact_lock(5170320), pg_sleep(0.08)`));
		await sleep(20);
		const written = performance.now();
		await write(project);
		await other;
		await allStamped();
		waits.push(performance.now() - written);
		await sleep(137);
	}
	await stamper.close();
	expect(Math.max(...waits)).toBeLessThan(350);
});
