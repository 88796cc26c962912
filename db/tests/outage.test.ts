import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWire } from "../../scripts/testing/breakable-wire.ts";
import { openDatabase } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("transactions that can't begin cost no connection of the pool", async () => {
	const wire = await openWire(database.url);
	const db = openDatabase({ url: wire.url, name: "test-outage", poolSize: 1, onError: () => {} });
	for (let outage = 0; outage < 3; outage += 1) {
		await db.orm.execute(sql`select 1`);
		// The connection is open and idle; BEGIN is the word on which it breaks.
		wire.cutOnNextWord();
		await expect(db.orm.transaction(async (tx) => tx.execute(sql`select 1`))).rejects.toThrow();
		wire.mend();
	}
	expect(await db.orm.transaction(async (tx) => (await tx.execute<{ one: number }>(sql`select 1 as one`)).rows)).toEqual([{ one: 1 }]);
	await db.close();
	await wire.close();
});
