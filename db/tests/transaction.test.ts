import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Database, isStaleStatement, listen, openDatabase, postgresError, withCommit } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
	database = await createTestDatabase();
	// One connection: what a transaction leaves behind, the next one finds.
	db = openDatabase({ url: database.url, name: "test-transaction", poolSize: 1, onError: () => {} });
	await db.orm.execute(sql`create table notes (id int primary key, text varchar(10))`);
});
beforeEach(async () => {
	await db.orm.execute(sql`truncate notes`);
});
afterAll(async () => {
	await db.close();
	await database.drop();
});

const note = (id: number) => sql`insert into notes (id, text) values (${id}, 'x')`;
const noted = async () => (await db.orm.execute<{ id: number }>(sql`select id from notes order by id`)).rows.map(({ id }) => id);
const codeOf = (running: Promise<unknown>) =>
	running.then(
		() => null,
		(error: unknown) => postgresError(error)?.code,
	);

test("what goes along with the COMMIT is in it", async () => {
	const result = await db.orm.transaction(
		async (tx) => (await tx.execute(note(1))).rowCount,
		() => ({ statement: note(2), wakes: [] }),
	);
	expect([result, await noted()]).toEqual([1, [1, 2]]);
});

test("what nothing waits for goes along with the COMMIT, too, and is the result", async () => {
	const result = await db.orm.transaction(async (tx) => {
		await tx.execute(note(1));
		return withCommit(tx.execute(note(2)).then(({ rowCount }) => rowCount));
	});
	expect([result, await noted()]).toEqual([1, [1, 2]]);
});

test("what goes along with the COMMIT and fails rolls everything back; its own error is thrown, not what followed from it", async () => {
	const failing = db.orm.transaction(
		async (tx) => {
			await tx.execute(note(1));
			return withCommit(tx.execute(note(1)).then(() => tx.execute(note(2))));
		},
		() => ({ statement: note(3), wakes: ["events"] }),
	);
	expect(await codeOf(failing)).toBe("23505");
	expect(await noted()).toEqual([]);
});

test("who listens is woken once the rows are there to be seen, whether the word goes along with the COMMIT or after it", async () => {
	const seen: number[] = [];
	const { promise: both, resolve } = Promise.withResolvers<void>();
	const listener = listen({
		url: database.url,
		name: "test",
		channels: ["events"],
		wake: () => {
			void database.db.orm.execute(sql`select from notes`).then(({ rowCount }) => {
				seen.push(rowCount ?? 0);
				if (rowCount === 2) resolve();
			});
		},
		onError: () => {},
	});
	// Woken on connecting.
	await vi.waitFor(() => expect(seen).toEqual([0]));
	const wakes = ["events"] as const;
	for (const id of [1, 2])
		await db.orm.transaction(
			async () => id,
			() => ({ statement: note(id), wakes }),
		);
	await both;
	expect(seen.slice(1)).not.toContain(0);
	await listener.close();
});

test("a failing work rolls back, and what it failed of is thrown", async () => {
	const failing = db.orm.transaction(async (tx) => {
		await tx.execute(note(1));
		throw new Error("Stop");
	});
	await expect(failing).rejects.toThrow("Stop");
	expect(await noted()).toEqual([]);
});

test("a last statement that fails rolls everything back, and its error is what is thrown", async () => {
	const failing = db.orm.transaction(
		(tx) => tx.execute(note(1)),
		() => ({ statement: note(1), wakes: [] }),
	);
	expect(await codeOf(failing)).toBe("23505");
	expect(await noted()).toEqual([]);
});

test("a BEGIN that fails is the transaction's failure; the connection serves the next one", async () => {
	await db.pool.query("begin");
	const client = await db.pool.connect();
	await client.query("select 1 / 0").catch(() => {});
	client.release();
	expect(await codeOf(db.orm.transaction(async () => "nothing asked"))).toBe("25P02");
	await db.orm.transaction((tx) => tx.execute(note(1)));
	expect(await noted()).toEqual([1]);
});

test("a table altered under a prepared statement costs the connection, not every transaction after it", async () => {
	const read = () => db.orm.transaction((tx) => tx.execute(sql`select text from notes where id = ${1}`));
	for (let times = 0; times < 6; times += 1) await read();
	await database.db.orm.execute(sql`alter table notes alter column text type text`);
	const error: unknown = await read().catch((reason: unknown) => reason);
	expect(isStaleStatement(error)).toBe(true);
	expect((await read()).rows).toEqual([]);
});
