import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
beforeAll(async () => {
	api = await startApi();
});
afterAll(() => api.close());

const password = "correct horse battery";

describe("signing up and in", () => {
	test("an account gets a session: an httpOnly, SameSite=Lax cookie and a CSRF token", async () => {
		const caller = api.caller();
		const reply = await caller.call("POST", "/api/v1/auth/register", { body: { email: "ada@example.org", name: "Ada", password } });
		expect(reply.status).toBe(201);
		expect(reply.body.user).toMatchObject({ email: "ada@example.org", name: "Ada" });
		expect(reply.headers.get("set-cookie")).toMatch(/^sid=[^;]+;.*Path=\/;.*HttpOnly;.*SameSite=Lax/);
		expect(reply.headers.get("set-cookie")).not.toContain("Secure");
		expect(JSON.stringify(reply.body)).not.toContain(caller.cookie?.slice(4));

		const session = await caller.call("GET", "/api/v1/auth/session");
		expect(session.body).toMatchObject({ csrf_token: reply.body.csrf_token, projects: [] });
		expect(session.headers.get("cache-control")).toBe("no-store");
	});

	test("a second account with the same address is a conflict", async () => {
		const body = { email: "twice@example.org", name: "Twice", password };
		await api.caller().call("POST", "/api/v1/auth/register", { body });
		const reply = await api.caller().call("POST", "/api/v1/auth/register", { body: { ...body, email: "TWICE@example.org" } });
		expect(reply).toMatchObject({ status: 409, body: { code: "conflict" } });
	});

	test("signing in again works with an old cookie at hand, and a wrong password is a 401 that doesn't say which part is wrong", async () => {
		const { session, cookie } = await api.signUp("Grace");
		const wrong = await api
			.caller()
			.call("POST", "/api/v1/auth/login", { body: { email: session.user.email, password: "wrong password" } });
		const unknown = await api.caller().call("POST", "/api/v1/auth/login", { body: { email: "nobody@example.org", password } });
		expect(wrong).toMatchObject({ status: 401, body: { code: "unauthorized" } });
		expect(unknown.body.detail).toBe(wrong.body.detail);
		expect(wrong.headers.get("www-authenticate")).toMatch(/^Bearer/);

		const again = await api.caller().call("POST", "/api/v1/auth/login", {
			body: { email: session.user.email, password },
			headers: { cookie: cookie ?? "" },
		});
		expect(again.status).toBe(200);
		expect(again.headers.get("set-cookie")).toMatch(/^sid=/);
	});

	test("after ten wrong passwords even the right one has to wait; other accounts don't", async () => {
		const { session } = await api.signUp("Linus");
		const tries = await Promise.all(
			Array.from({ length: 11 }, () =>
				api.caller().call("POST", "/api/v1/auth/login", { body: { email: session.user.email, password: "wrong password" } }),
			),
		);
		expect(tries.filter(({ status }) => status === 401)).toHaveLength(10);
		expect(tries.filter(({ status }) => status === 429)).toHaveLength(1);
		const right = await api.caller().call("POST", "/api/v1/auth/login", { body: { email: session.user.email.toUpperCase(), password } });
		expect(right).toMatchObject({ status: 429, body: { code: "limit_exceeded" } });
		expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(0);
		const other = await api.signUp("Margaret");
		const login = await api.caller().call("POST", "/api/v1/auth/login", { body: { email: other.session.user.email, password } });
		expect(login.status).toBe(200);
	});

	test("sixty sign-ins at once don't hold everybody up: most are told to come again", async () => {
		const tries = Array.from({ length: 60 }, (_, number) =>
			api.caller().call("POST", "/api/v1/auth/login", { body: { email: `flood-${number}@example.org`, password } }),
		);
		const replies = await Promise.all(tries);
		const refused = replies.filter(({ status }) => status === 429);
		expect(refused.length).toBeGreaterThanOrEqual(30);
		expect(replies.filter(({ status }) => status === 401).length).toBe(60 - refused.length);
		expect(refused[0]?.headers.get("retry-after")).toBe("2");
	});

	test("where sign-up is by invitation the first account may register, the second may not", async () => {
		const invited = await startApi({ env: { SIGNUP: "invitation" } });
		try {
			await invited.signUp("First");
			const second = await invited.caller().call("POST", "/api/v1/auth/register", {
				body: { email: "second@example.org", name: "Second", password },
			});
			expect(second).toMatchObject({ status: 403, body: { code: "forbidden" } });

			// A hundred tries in a quarter of an hour, by the address that the proxy on this machine names.
			const tryFrom = (address: string) =>
				invited.caller().call("POST", "/api/v1/auth/register", {
					body: { email: "second@example.org", name: "Second", password },
					headers: { "x-forwarded-for": address },
				});
			const replies = await Promise.all(Array.from({ length: 101 }, () => tryFrom("198.51.100.7")));
			expect(replies.filter(({ status }) => status === 403)).toHaveLength(100);
			const refused = replies.find(({ status }) => status === 429);
			expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(800);
			expect((await tryFrom("198.51.100.8")).status).toBe(403);
		} finally {
			await invited.close();
		}
	});

	test("at an https address the cookie is Secure and browsers are told to stay on https", async () => {
		const secure = await startApi({ env: { PUBLIC_URL: "https://planner.example.org", SESSION_COOKIE_NAME: "planner" } });
		try {
			const reply = await secure.caller().call("POST", "/api/v1/auth/register", { body: { email: "a@example.org", name: "A", password } });
			expect(reply.headers.get("set-cookie")).toMatch(/^planner=.*Secure/);
			expect(reply.headers.get("strict-transport-security")).toMatch(/max-age/);
		} finally {
			await secure.close();
		}
	});
});

test("a JWT for e-mail and password lasts as long as a session of one day, and gets no other one", async () => {
	const { session, call } = await api.signUp("Script");
	const token = (headers: Record<string, string>, body?: unknown) =>
		api.caller().call("POST", "/api/v1/auth/token", { headers, ...(body ? { body } : {}) });
	const { access_token } = (await token({}, { email: session.user.email, password })).body;
	expect(await token({ authorization: `Bearer ${access_token}` })).toMatchObject({ status: 403, body: { code: "forbidden" } });
	const { items } = (await call("GET", "/api/v1/auth/sessions")).body;
	const days = items.map((item: { expires_at: string }) => Math.round((Date.parse(item.expires_at) - Date.now()) / 86_400_000));
	expect(days.sort()).toEqual([1, 30]);
});

describe("one's own account", () => {
	test("the sessions are listed by browser, and end one by one; ending one's own clears the cookie", async () => {
		const caller = await api.signUp("Sessions");
		const phone = api.caller();
		const login = { email: caller.session.user.email, password };
		await phone.call("POST", "/api/v1/auth/login", { body: login, headers: { "user-agent": "Phone/1.0" } });
		const { items } = (await caller.call("GET", "/api/v1/auth/sessions")).body;
		expect(items.map(({ current, user_agent }: { current: boolean; user_agent: string }) => [current, user_agent])).toContainEqual([
			false,
			"Phone/1.0",
		]);
		expect(JSON.stringify(items)).not.toContain(phone.cookie?.slice(4));
		const other = items.find(({ current }: { current: boolean }) => !current);
		const own = items.find(({ current }: { current: boolean }) => current);
		expect((await caller.call("DELETE", `/api/v1/auth/sessions/${other.id}`)).headers.get("set-cookie")).toBeNull();
		expect((await phone.call("GET", "/api/v1/auth/session")).status).toBe(401);
		expect((await caller.call("DELETE", `/api/v1/auth/sessions/${other.id}`)).status).toBe(404);
		expect((await caller.call("DELETE", `/api/v1/auth/sessions/${own.id}`)).headers.get("set-cookie")).toMatch(/^sid=;/);
	});

	test("the password changes with the current one; guessing it is slowed down like signing in", async () => {
		const caller = await api.signUp("Changer");
		const change = (current_password: string) =>
			caller.call("PUT", "/api/v1/auth/password", { body: { current_password, new_password: "a much better password" } });
		expect(await change("wrong")).toMatchObject({ status: 422, body: { errors: [{ field: "body.current_password" }] } });
		expect((await change(password)).status).toBe(200);
		for (let time = 0; time < 10; time += 1) expect((await change("wrong")).status).toBe(422);
		expect((await change("a much better password")).status).toBe(429);
	});
});

describe("the holder of an invitation's link", () => {
	test("sees what it is to as long as it is good, then its state alone, and only with the whole token", async () => {
		const owner = await api.owner("Inviter");
		const email = "invited@example.org";
		const invite = async () => (await owner.call("POST", `${owner.base}/invitations`, { body: { email, role: "viewer" } })).body;
		const preview = (token: string) => api.caller().call("POST", "/api/v1/invitations/preview", { body: { token } });
		const [revoked, open] = [await invite(), await invite()];
		expect((await preview(revoked.token)).body).toEqual({ state: "revoked" });
		expect((await preview(open.token)).body).toEqual({
			state: "open",
			project: { id: owner.project.id, name: owner.project.name },
			plan: null,
			role: "viewer",
			email,
			has_account: false,
			invited_by: "Inviter",
			expires_at: open.expires_at,
		});
		for (const token of [open.token.slice(0, -1), `${open.token.slice(0, -4)}AAAA`, "inv_", "x"])
			expect(await preview(token), token).toMatchObject({ status: 404, body: { code: "not_found" } });
		const joined = { email, name: "Grace", password, invitation_token: open.token };
		expect((await api.caller().call("POST", "/api/v1/auth/register", { body: joined })).status).toBe(201);
		expect((await preview(open.token)).body).toEqual({ state: "accepted" });
		const late = (await owner.call("POST", `${owner.base}/invitations`, { body: { email: "late@example.org", role: "viewer" } })).body;
		await api.db.pool.query("update invitations set expires_at = now() - interval '1 second' where id = $1", [late.id]);
		expect((await preview(late.token)).body).toEqual({ state: "expired" });
	});
});

describe("sessions", () => {
	test("without one every endpoint but sign-up and sign-in is a 401, whatever the input", async () => {
		for (const path of ["/auth/session", "/projects", "/adapters", "/projects/not-an-id"])
			expect(await api.caller().call("GET", `/api/v1${path}`)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
		expect(await api.caller().call("POST", "/api/v1/projects", { body: { nonsense: true } })).toMatchObject({ status: 401 });
		expect(await api.caller().call("POST", "/api/v1/auth/logout")).toMatchObject({ status: 401 });
	});

	test("a changing request without the session's CSRF token is refused, a reading one is not", async () => {
		const { caller, base } = await api.owner();
		const without = { "x-csrf-token": "" };
		expect(await caller.call("POST", "/api/v1/projects", { body: { name: "X" }, headers: without })).toMatchObject({ status: 403 });
		expect(await caller.call("PUT", `${base}/routes`, { body: { routes: [] }, headers: { "x-csrf-token": "x".repeat(43) } })).toMatchObject(
			{
				status: 403,
				body: { code: "forbidden" },
			},
		);
		const other = await api.signUp("Other");
		expect(
			await caller.call("POST", "/api/v1/projects", { body: { name: "X" }, headers: { "x-csrf-token": other.session.csrf_token } }),
		).toMatchObject({ status: 403 });
		expect((await caller.call("GET", base, { headers: without })).status).toBe(200);
	});

	test("logging out ends the session at once and clears the cookie", async () => {
		const caller = await api.signUp();
		const { cookie } = caller;
		const reply = await caller.call("POST", "/api/v1/auth/logout");
		expect(reply).toMatchObject({ status: 200, body: {} });
		expect(reply.headers.get("set-cookie")).toMatch(/^sid=;.*Expires=Thu, 01 Jan 1970/);
		const after = await api.caller().call("GET", "/api/v1/auth/session", { headers: { cookie: cookie ?? "" } });
		expect(after.status).toBe(401);
	});

	test("a made-up cookie is nobody", async () => {
		for (const cookie of ["sid=abc", `sid=${"x".repeat(5000)}`, "sid=%00", "sid=", "sid==;;=,"])
			expect((await api.caller().call("GET", "/api/v1/auth/session", { headers: { cookie } })).status).toBe(401);
	});
});
