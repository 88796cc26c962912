import { eq, events, sql, userSessions, users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, UnauthorizedError } from "../errors.ts";
import { createProject } from "../projects/create-project.ts";
import { raceAgainst } from "../projects/race.ts";
import { selectProject } from "../projects/select-project.ts";
import { hashSecret } from "../secret.ts";
import { buildContext } from "../testing.ts";
import { authenticateSession } from "./authenticate-session.ts";
import { getSession } from "./get-session.ts";
import { logIn } from "./log-in.ts";
import { logOut } from "./log-out.ts";
import { registerUser } from "./register-user.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const password = "correct horse battery";
const anonymous = () => buildContext(database.db, { type: "anonymous" });
let count = 0;
const register = (email = `user-${++count}@example.org`) => registerUser(anonymous(), { email, name: "Ada", password }, { signup: "open" });
const signedIn = async (token: string) => {
	const found = await authenticateSession(anonymous(), token);
	if (!found) throw new Error("not signed in");
	return buildContext(database.db, found.actor);
};
const eventsOf = (userId: string) => database.db.orm.select().from(events).where(eq(events.subjectId, userId)).orderBy(events.id);

describe("registerUser", () => {
	test("makes an account, signs it in and keeps neither password nor token", async () => {
		const { token, session } = await register("new@example.org");
		expect(session).toMatchObject({ user: { email: "new@example.org", name: "Ada" }, active_project_id: null, projects: [] });
		expect(Date.parse(session.expires_at) - Date.now()).toBeGreaterThan(29 * 86_400_000);
		const [user] = await database.db.orm.select().from(users).where(eq(users.id, session.user.id));
		expect(user?.passwordHash).toMatch(/^\$2b\$12\$/);
		const stored = JSON.stringify(await database.db.orm.select().from(userSessions).where(eq(userSessions.userId, session.user.id)));
		expect(stored).not.toContain(token);
		const found = await eventsOf(session.user.id);
		expect(found.map((event) => event.type).sort()).toEqual(["session.started", "user.registered"]);
		for (const event of found) expect(event).toMatchObject({ projectId: null, actor: { type: "user", userId: session.user.id } });
		expect(JSON.stringify(found)).not.toContain(token);
	});

	test("a second account with the same address, whatever its case, is a conflict", async () => {
		await register("twice@example.org");
		await expect(register("Twice@Example.org")).rejects.toThrow(ConflictError);
	});

	test("two registrations of one address at once make one account", async () => {
		const outcomes = await Promise.allSettled([register("race@example.org"), register("race@example.org")]);
		expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
		expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toBeInstanceOf(ConflictError);
	});
});

describe("logIn", () => {
	test("opens a session of its own, in the project that the user worked in last", async () => {
		const first = await register("login@example.org");
		const ctx = await signedIn(first.token);
		const older = await createProject(ctx, { name: "Older" });
		await createProject(ctx, { name: "Newer" });
		await selectProject({ ...ctx, projectId: older.id });
		const { token, session } = await logIn(anonymous(), { email: "LOGIN@example.org", password });
		expect(token).not.toBe(first.token);
		expect(session.csrf_token).not.toBe(first.session.csrf_token);
		expect(session.active_project_id).toBe(older.id);
		expect(session.projects.map(({ name, role }) => ({ name, role }))).toEqual([
			{ name: "Newer", role: "owner" },
			{ name: "Older", role: "owner" },
		]);
		expect((await eventsOf(session.user.id)).filter((event) => event.type === "session.started")).toHaveLength(2);
	});

	test("an unknown address and a wrong password fail alike, and as slowly", async () => {
		await register("known@example.org");
		const attempt = async (email: string) => {
			const started = performance.now();
			const error = await logIn(anonymous(), { email, password: "wrong password" }).catch((caught: unknown) => caught);
			expect(error).toBeInstanceOf(UnauthorizedError);
			return { message: (error as Error).message, durationMs: performance.now() - started };
		};
		const wrong = await attempt("known@example.org");
		const unknown = await attempt("unknown@example.org");
		expect(unknown.message).toBe(wrong.message);
		// One bcrypt of cost 12 takes longer than this on any machine, and a busy one only makes it longer.
		for (const { durationMs } of [wrong, unknown]) expect(durationMs).toBeGreaterThan(50);
	});

	test("an account without a password can't be entered with one", async () => {
		await database.db.orm.insert(users).values({ email: "oauth@example.org", name: "Oauth" });
		await expect(logIn(anonymous(), { email: "oauth@example.org", password: "" })).rejects.toThrow(UnauthorizedError);
	});

	test("a password that only begins like the right one is refused where bcrypt would stop reading", async () => {
		const long = "x".repeat(72);
		await registerUser(anonymous(), { email: "long@example.org", name: "Long", password: long }, { signup: "open" });
		await expect(logIn(anonymous(), { email: "long@example.org", password: `${long}y` })).rejects.toThrow(UnauthorizedError);
		await expect(logIn(anonymous(), { email: "long@example.org", password: long })).resolves.toMatchObject({});
	});
});

describe("authenticateSession", () => {
	test("tells who holds the token, with the CSRF token and the active project", async () => {
		const { token, session } = await register();
		expect(await authenticateSession(anonymous(), token)).toMatchObject({
			actor: { type: "user", userId: session.user.id, name: "Ada" },
			csrfToken: session.csrf_token,
			expiresAt: new Date(session.expires_at),
			activeProjectId: null,
		});
	});

	test("knows neither an unknown nor an expired token, nor the stored hash itself", async () => {
		const { token } = await register();
		expect(await authenticateSession(anonymous(), "x".repeat(43))).toBeNull();
		expect(await authenticateSession(anonymous(), hashSecret(token).toString("base64url"))).toBeNull();
		await database.db.orm
			.update(userSessions)
			.set({ expiresAt: sql`now() - interval '1 second'` })
			.where(eq(userSessions.tokenHash, hashSecret(token)));
		expect(await authenticateSession(anonymous(), token)).toBeNull();
	});
});

describe("logOut", () => {
	test("ends this session at once and no other", async () => {
		const one = await register("out@example.org");
		const other = await logIn(anonymous(), { email: "out@example.org", password });
		const ctx = await signedIn(one.token);
		await logOut(ctx);
		expect(await authenticateSession(anonymous(), one.token)).toBeNull();
		expect(await authenticateSession(anonymous(), other.token)).not.toBeNull();
		await expect(getSession(ctx)).rejects.toThrow(UnauthorizedError);
		expect((await eventsOf(one.session.user.id)).at(-1)).toMatchObject({ type: "session.ended", projectId: null });
	});

	test("nobody signed in can't sign out", async () => {
		await expect(logOut(anonymous())).rejects.toThrow(UnauthorizedError);
	});

	test("the second of two at once ends nothing twice", async () => {
		const { token, session } = await register();
		const ctx = await signedIn(token);
		await raceAgainst(
			database.db,
			(tx) => tx.update(userSessions).set({ revokedAt: sql`now()` }).where(eq(userSessions.userId, session.user.id)),
			() => logOut(ctx),
		);
		expect((await eventsOf(session.user.id)).map((event) => event.type)).not.toContain("session.ended");
	});
});

test("getSession says the same as signing in did", async () => {
	const { token, session } = await register();
	expect(await getSession(await signedIn(token))).toEqual(session);
	await expect(getSession(anonymous())).rejects.toThrow(UnauthorizedError);
});
