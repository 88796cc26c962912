import { auditLogs, eq } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DomainError, UnauthorizedError } from "../errors.ts";
import { buildContext } from "../testing.ts";
import { authenticateSession } from "./authenticate-session.ts";
import { logIn } from "./log-in.ts";
import { registerUser } from "./register-user.ts";
import { resetPassword } from "./reset-password.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const anonymous = () => buildContext(database.db, { type: "anonymous" });
const operator = () => buildContext(database.db, { type: "system", name: "reset-password" });
const register = (email: string) => registerUser(anonymous(), { email, name: "Ada", password: "a forgotten one" }, { signup: "open" });

test("a new password works instead of the old one, all sessions of that account end, and it is audited", async () => {
	const [ada, other] = [await register("ada@example.org"), await register("other@example.org")];
	const password = await resetPassword(operator(), "Ada@Example.org");
	await expect(logIn(anonymous(), { email: "ada@example.org", password: "a forgotten one" })).rejects.toThrow(UnauthorizedError);
	expect(await authenticateSession(anonymous(), ada.token)).toBeNull();
	expect(await authenticateSession(anonymous(), other.token)).not.toBeNull();
	await expect(logIn(anonymous(), { email: "ada@example.org", password })).resolves.toBeTruthy();
	const audited = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.type, "account.password.changed"));
	expect(audited).toMatchObject([
		{ subjectId: ada.session.user.id, data: { reset: true, ended_sessions: 1 }, actor: { type: "system", name: "reset-password" } },
	]);
	expect(JSON.stringify(audited)).not.toContain(password);
});

test("an unknown address is said to be unknown", async () => {
	await expect(resetPassword(operator(), "nobody@example.org")).rejects.toThrow(
		new DomainError("not_found", "No account has the e-mail address nobody@example.org."),
	);
});
