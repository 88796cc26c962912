import { and, eq, gt } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, type Given, openDatabase, prepared, projects } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
	database = await createTestDatabase();
	db = openDatabase({ url: database.url, name: "test-prepared", poolSize: 2, onError: () => {} });
});
afterAll(async () => {
	await db.close();
	await database.drop();
});

let built = 0;
const findProject = prepared((orm, { id, since }: Given<{ id: string; since: Date }>) => {
	built += 1;
	return orm
		.select({ name: projects.name, createdAt: projects.createdAt })
		.from(projects)
		.where(and(eq(projects.id, id), gt(projects.createdAt, since)));
});
const addProject = prepared((orm, { name, allowedNetworks }: Given<{ name: string; allowedNetworks: string[] }>) =>
	orm.insert(projects).values({ name, allowedNetworks }).returning(),
);

test("is built once per connection, and answers what each call asks for, on the pool and in transactions", async () => {
	const allowedNetworks = ["10.0.0.0/8", "::1/128"];
	const add = async (name: string) => (await addProject(db.orm, { name, allowedNetworks }))[0] as typeof projects.$inferSelect;
	const [one, other] = [await add("One"), await add("Other")];
	expect(one).toMatchObject({ name: "One", allowedNetworks, createdAt: expect.any(Date) });
	const [before, after] = [new Date(0), new Date(Date.now() + 60_000)];

	expect(await findProject(db.orm, { id: one.id, since: before })).toEqual([{ name: "One", createdAt: one.createdAt }]);
	const inTransactions = Array.from({ length: 20 }, (_, index) =>
		db.orm.transaction((tx) => findProject(tx, { id: index % 2 ? one.id : other.id, since: index < 10 ? before : after })),
	);
	const names = (await Promise.all(inTransactions)).map(([found]) => found?.name ?? null);
	expect(names).toEqual([...Array(5).fill(["Other", "One"]).flat(), ...Array(10).fill(null)]);
	expect(built).toBe(3);
});

test("in a transaction it sees what that has done, and is undone with it", async () => {
	const failing = db.orm.transaction(async (tx) => {
		const [added] = await addProject(tx, { name: "Undone", allowedNetworks: [] });
		expect(await findProject(tx, { id: added?.id ?? "", since: new Date(0) })).toHaveLength(1);
		throw new Error(added?.id);
	});
	const id = await failing.catch((error: Error) => error.message);
	expect(await findProject(db.orm, { id: String(id), since: new Date(0) })).toEqual([]);
});

test("the server prepares it, as whatever comes often", async () => {
	for (let times = 0; times < 10; times += 1) await findProject(db.orm, { id: crypto.randomUUID(), since: new Date(0) });
	const { rows } = await db.pool.query("select name from pg_prepared_statements where statement like '%from \"projects\"%'");
	expect(rows).toEqual([{ name: expect.stringMatching(/^agentplanner_\d+$/) }]);
});
