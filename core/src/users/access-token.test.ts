import { eq, sql, userSessions } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { ForbiddenError, UnauthorizedError } from "../errors.ts";
import { createKeys } from "../keys.ts";
import { buildContext, testKeys } from "../testing.ts";
import { authenticateAccessToken, createAccessToken } from "./access-token.ts";
import { authenticateSession } from "./authenticate-session.ts";
import { logOut } from "./log-out.ts";
import { registerUser } from "./register-user.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const anonymous = () => buildContext(database.db, { type: "anonymous" });
let count = 0;
const signedIn = async (): Promise<Context> => {
	const input = { email: `jwt-${++count}@example.org`, name: "Ada", password: "correct horse battery" };
	const { token } = await registerUser(anonymous(), input, { signup: "open" });
	const session = await authenticateSession(anonymous(), token);
	if (!session) throw new Error("not signed in");
	return buildContext(database.db, session.actor);
};
const inMinutes = (minutes: number): Context => ({ ...anonymous(), now: () => new Date(Date.now() + minutes * 60_000) });

test("speaks for its session's user, for 15 minutes", async () => {
	const ctx = await signedIn();
	const { access_token, token_type, expires_in } = await createAccessToken(ctx);
	expect({ token_type, expires_in }).toEqual({ token_type: "Bearer", expires_in: 900 });
	expect(await authenticateAccessToken(inMinutes(14), access_token)).toEqual({ ...ctx.actor, byAccessToken: true });
	expect(await authenticateAccessToken(inMinutes(15.1), access_token)).toBeNull();
	await expect(createAccessToken(anonymous())).rejects.toThrow(UnauthorizedError);
});

test("is not renewed with itself", async () => {
	const { access_token } = await createAccessToken(await signedIn());
	const actor = await authenticateAccessToken(anonymous(), access_token);
	if (!actor) throw new Error("not good");
	await expect(createAccessToken(buildContext(database.db, actor))).rejects.toThrow(ForbiddenError);
});

test("its use is its session's, to the minute", async () => {
	const ctx = await signedIn();
	const { access_token } = await createAccessToken(ctx);
	const isOwn = eq(userSessions.id, ctx.actor.type === "user" ? ctx.actor.sessionId : "");
	await database.db.orm.update(userSessions).set({ lastUsedAt: sql`now() - interval '2 minutes'` }).where(isOwn);
	await authenticateAccessToken(anonymous(), access_token);
	const [session] = await database.db.orm.select().from(userSessions).where(isOwn);
	expect(session?.lastUsedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test("ends with its session at once", async () => {
	const ctx = await signedIn();
	const { access_token } = await createAccessToken(ctx);
	await logOut(ctx);
	expect(await authenticateAccessToken(anonymous(), access_token)).toBeNull();
});

test("is refused under another key, another algorithm, for another user, or cut", async () => {
	const [ctx, other] = [await signedIn(), await signedIn()];
	const { access_token } = await createAccessToken(ctx);
	const [header = "", payload = "", signature = ""] = access_token.split(".");
	const unsigned = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${payload}.`;
	const [actor, otherActor] = [ctx.actor, other.actor];
	if (actor.type !== "user" || otherActor.type !== "user") throw new Error("not users");
	const sign = (type: string, key: Uint8Array) =>
		new SignJWT({ sid: actor.sessionId })
			.setProtectedHeader({ alg: "HS256", typ: type })
			.setSubject(otherActor.userId)
			.setIssuer("agentplanner")
			.setExpirationTime("5m")
			.sign(key);
	const forged = [
		unsigned,
		`${header}.${payload}.${signature.slice(0, -4)}AAAA`,
		`${header}.${payload}`,
		await sign("at+jwt", testKeys.secret("access-token")),
		await sign("JWT", testKeys.secret("access-token")),
		await sign("at+jwt", createKeys(Buffer.alloc(32).toString("base64")).secret("access-token")),
	];
	for (const token of forged) expect(await authenticateAccessToken(anonymous(), token), token).toBeNull();
});
