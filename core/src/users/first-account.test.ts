import { users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Tx } from "../context.ts";
import { ForbiddenError } from "../errors.ts";
import { noPendingWrites } from "../pending-writes.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildContext } from "../testing.ts";
import { registerUser } from "./register-user.ts";

let database: TestDatabase;
beforeEach(async () => {
	database = await createTestDatabase();
});
afterEach(() => database.drop());

const register = (name: string, signup: "open" | "invitation" = "invitation", transaction: Partial<Pick<Tx, "db" | "pending">> = {}) =>
	registerUser(
		{ ...buildContext(database.db, { type: "anonymous" }), ...transaction },
		{ email: `${name}@example.org`, name, password: "correct horse battery" },
		{ signup },
	);

test("the first account may register by itself, the next one only while sign-up is open", async () => {
	await register("first");
	await expect(register("second")).rejects.toThrow(ForbiddenError);
	await expect(register("second")).rejects.toThrow(/invit.*SIGNUP=open/);
	await expect(register("second", "open")).resolves.toMatchObject({ session: { user: { name: "second" } } });
});

test("who registers while the first account is being made waits, and is then the second", async () => {
	const attempt = raceAgainst(
		database.db,
		(tx) => register("first", "invitation", { db: tx, pending: noPendingWrites() }),
		() => register("second"),
	);
	await expect(attempt).rejects.toThrow(ForbiddenError);
	expect(await database.db.orm.select({ name: users.name }).from(users)).toEqual([{ name: "first" }]);
});
