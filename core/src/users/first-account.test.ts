import { users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ForbiddenError } from "../errors.ts";
import { buildContext } from "../testing.ts";
import { registerUser } from "./register-user.ts";

let database: TestDatabase;
beforeEach(async () => {
	database = await createTestDatabase();
});
afterEach(() => database.drop());

const register = (name: string, signup: "open" | "invitation" = "invitation") =>
	registerUser(
		buildContext(database.db, { type: "anonymous" }),
		{ email: `${name}@example.org`, name, password: "correct horse battery" },
		{ signup },
	);

test("the first account may register by itself, the next one only while sign-up is open", async () => {
	await register("first");
	await expect(register("second")).rejects.toThrow(ForbiddenError);
	await expect(register("second")).rejects.toThrow(/invit.*SIGNUP=open/);
	await expect(register("second", "open")).resolves.toMatchObject({ session: { user: { name: "second" } } });
});

test("of several who would be first at once, one is", async () => {
	const outcomes = await Promise.allSettled(["a", "b", "c", "d"].map((name) => register(name)));
	expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
	for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(ForbiddenError);
	expect(await database.db.orm.select().from(users)).toHaveLength(1);
});
