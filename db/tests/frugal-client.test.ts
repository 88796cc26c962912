import type { Duplex } from "node:stream";
import type pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { FrugalClient } from "../src/frugal-client.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const askOn = (client: FrugalClient, query: { text: string }, values?: unknown[]): Promise<{ rows: unknown[] }> =>
	(client as pg.Client).query(query, values);

const open = async () => {
	const client = new FrugalClient({ connectionString: database.url, pipeline: true });
	await client.connect();
	onTestFinished(() => client.end());
	const ask = (text: string, values?: unknown[]) => askOn(client, { text }, values);
	return {
		client,
		ask,
		askOften: async (text: string) => {
			for (let times = 0; times < 5; times += 1) await ask(text, [1]);
		},
		prepared: async () =>
			(await ask("select statement from pg_prepared_statements order by prepare_time")).rows.map(
				(row) => (row as { statement: string }).statement,
			),
	};
};

test("what is asked for the fifth time is prepared; what has no values never is", async () => {
	const { ask, prepared } = await open();
	for (let times = 0; times < 4; times += 1) await ask("select $1::int as four", [times]);
	for (let times = 0; times < 10; times += 1) await ask("select 1 as one; select 2 as two");
	expect(await prepared()).toEqual([]);
	expect((await ask("select $1::int as four", [5])).rows).toEqual([{ four: 5 }]);
	expect(await prepared()).toEqual(["select $1::int as four"]);
});

test("a new connection prepares what came often on others at once, and a query object serves several", async () => {
	const [one, other] = [await open(), await open()];
	await one.askOften("select $1::int as filler");
	const shared = { text: "select $1::int as shared" };
	for (let times = 0; times < 5; times += 1) await askOn(one.client, shared, [1]);
	await askOn(other.client, shared, [1]);
	await other.askOften("select $1::int as own");
	expect(await other.prepared()).toEqual(["select $1::int as shared", "select $1::int as own"]);
});

test("the server keeps 200 at most: the one that wasn't asked for longest goes, and can be asked again", async () => {
	const { ask, askOften, prepared } = await open();
	await askOften("select $1::int as hot");
	await askOften("select $1::int as cold");
	for (let number = 0; number < 205; number += 1) {
		await askOften(`select $1::int as filler_${number}`);
		await ask("select $1::int as hot", [1]);
	}
	const kept = await prepared();
	expect(kept).toHaveLength(200);
	expect(kept).toContain("select $1::int as hot");
	expect(kept).toContain("select $1::int as filler_204");
	expect(kept).not.toContain("select $1::int as cold");
	expect((await ask("select $1::int as cold", [7])).rows).toEqual([{ cold: 7 }]);
	expect(await prepared()).toContain("select $1::int as cold");
});

test("one is forgotten in the middle of a transaction, also a failed one, without harm to it", async () => {
	const { ask, askOften } = await open();
	for (let number = 0; number < 200; number += 1) await askOften(`select $1::int as full_${number}`);
	await ask("begin");
	await ask("select 1 / 0").catch(() => {});
	for (let times = 0; times < 5; times += 1) await ask("select $1::int as after_failure", [1]).catch(() => {});
	await ask("rollback");
	await ask("begin");
	await askOften("select $1::int as in_transaction");
	expect((await ask("select $1::int as in_transaction", [3])).rows).toEqual([{ in_transaction: 3 }]);
	await ask("commit");
});

test("what is asked in one tick goes out in one write, in order", async () => {
	const { client, ask } = await open();
	const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
	let writes = 0;
	for (const method of ["_write", "_writev"] as const) {
		const original = stream[method] as (...call: unknown[]) => void;
		stream[method] = (...call: unknown[]) => {
			writes += 1;
			original.apply(stream, call);
		};
	}
	const answers = await Promise.all([ask("select $1::int as first", [1]), ask("select 2 as second"), ask("select $1::int as third", [3])]);
	expect(answers.map(({ rows }) => rows[0])).toEqual([{ first: 1 }, { second: 2 }, { third: 3 }]);
	expect(writes).toBe(1);
});
