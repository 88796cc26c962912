import { auditLogs, eq, events, sql, userSessions, users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { ConflictError, NotFoundError, UnauthorizedError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildContext, buildProject } from "../testing.ts";
import { createToken } from "../tokens/create-token.ts";
import { authenticateSession } from "./authenticate-session.ts";
import { changePassword, WrongPasswordError } from "./change-password.ts";
import { endSession } from "./end-session.ts";
import { listSessions } from "./list-sessions.ts";
import { logIn } from "./log-in.ts";
import { registerUser } from "./register-user.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const password = "correct horse battery";
const anonymous = () => buildContext(database.db, { type: "anonymous" });
const open = async (email: string, userAgent: string) => {
	const { token, actor } = await logIn(anonymous(), { email, password }, { userAgent });
	return { token, ctx: buildContext(database.db, actor), sessionId: actor.sessionId, userId: actor.userId };
};
let count = 0;
const newAccount = async () => {
	const email = `session-${++count}@example.org`;
	await registerUser(anonymous(), { email, name: "Ada", password }, { signup: "open", userAgent: "Sign-up" });
	return email;
};
const isAlive = async (token: string) => (await authenticateSession(anonymous(), token)) !== null;
const agents = async (ctx: Context) => (await listSessions(ctx)).items.map(({ user_agent }) => user_agent);

describe("one's own sessions", () => {
	test("are listed with what signed in, when it was used last, and which one asks; strangers' are not", async () => {
		const email = await newAccount();
		await open(await newAccount(), "Stranger");
		const [laptop, phone] = [await open(email, "Laptop"), await open(email, `Phone ${"x".repeat(400)}`)];
		await database.db.orm
			.update(userSessions)
			.set({ lastUsedAt: sql`now() - interval '2 hours'` })
			.where(eq(userSessions.id, phone.sessionId));
		const { items } = await listSessions(laptop.ctx);
		expect(items.map(({ user_agent, current }) => [user_agent?.slice(0, 7), current])).toEqual([
			["Laptop", true],
			["Sign-up", false],
			["Phone x", false],
		]);
		expect(items[2]?.user_agent).toHaveLength(300);
		expect(await isAlive(phone.token)).toBe(true);
		const used = (await listSessions(laptop.ctx)).items.find(({ id }) => id === phone.sessionId);
		expect(Date.parse(used?.last_used_at ?? "")).toBeGreaterThan(Date.now() - 60_000);
	});

	test("end at once when told to; a stranger's and an ended one are not found", async () => {
		const email = await newAccount();
		const [laptop, phone, stranger] = [await open(email, "Laptop"), await open(email, "Phone"), await open(await newAccount(), "Eve")];
		await expect(endSession(stranger.ctx, phone.sessionId)).rejects.toThrow(NotFoundError);
		const outcomes = await Promise.allSettled([1, 2].map(() => endSession(laptop.ctx, phone.sessionId)));
		expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		expect(await isAlive(phone.token)).toBe(false);
		expect(await agents(laptop.ctx)).toEqual(["Laptop", "Sign-up"]);
		const audited = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.type, "account.session.ended"));
		expect(audited).toMatchObject([{ subjectId: laptop.userId, data: { session_id: phone.sessionId } }]);
		await expect(listSessions(anonymous())).rejects.toThrow(UnauthorizedError);
	});
});

describe("changePassword", () => {
	test("takes the current one, ends the other sessions, and is audited without saying either", async () => {
		const email = await newAccount();
		const [laptop, phone] = [await open(email, "Laptop"), await open(email, "Phone")];
		const new_password = "a much better password";
		await changePassword(laptop.ctx, { current_password: password, new_password });
		expect([await isAlive(laptop.token), await isAlive(phone.token)]).toEqual([true, false]);
		await expect(logIn(anonymous(), { email, password })).rejects.toThrow(UnauthorizedError);
		await expect(logIn(anonymous(), { email, password: new_password })).resolves.toMatchObject({ session: { user: { email } } });
		const audited = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.type, "account.password.changed"));
		expect(audited).toMatchObject([{ subjectId: laptop.userId, projectId: null, data: { first: false, ended_sessions: 2 } }]);
		const said = await database.db.orm.select().from(events).where(eq(events.subjectId, laptop.userId));
		expect(said.map(({ type }) => type)).toContain("user.password.changed");
		expect(JSON.stringify([audited, said])).not.toContain('password":"');
	});

	test("is refused without the current one, to tokens, and to whoever loses the race", async () => {
		const { ctx, userId } = await open(await newAccount(), "Laptop");
		const change = { current_password: password, new_password: "a much better password" };
		await expect(changePassword(ctx, { ...change, current_password: "wrong" })).rejects.toThrow(WrongPasswordError);
		await expect(changePassword(ctx, { new_password: change.new_password })).rejects.toThrow(WrongPasswordError);
		const owner = await buildProject(database.db);
		const made = await createToken(owner, { name: "CI", scopes: ["plans:read"] });
		const token = { type: "token" as const, tokenId: made.id, projectId: owner.projectId, scopes: [], agentId: null, name: "CI" };
		await expect(changePassword({ ...ctx, actor: { ...token, userId } }, change)).rejects.toThrow(/No token/);
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(users).set({ passwordHash: "another" }).where(eq(users.id, userId)),
			() => changePassword(ctx, change),
		);
		await expect(attempt).rejects.toThrow(ConflictError);
	});

	test("sets the first one of an account that has none, soon after signing in", async () => {
		const email = await newAccount();
		const { ctx, userId, sessionId } = await open(email, "Laptop");
		await database.db.orm.update(users).set({ passwordHash: null }).where(eq(users.id, userId));
		const began = (minutes: number) =>
			database.db.orm
				.update(userSessions)
				.set({ createdAt: sql`now() - ${minutes} * interval '1 minute'` })
				.where(eq(userSessions.id, sessionId));
		await began(11);
		await expect(changePassword(ctx, { new_password: "a much better password" })).rejects.toThrow(/within ten minutes/);
		await began(9);
		await changePassword(ctx, { new_password: "a much better password" });
		await expect(logIn(anonymous(), { email, password: "a much better password" })).resolves.toBeTruthy();
	});
});
