import { createInvitation } from "@agentplanner/core";
import { buildProject } from "@agentplanner/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, startGithub } from "./github-double.ts";
import { type Caller, type Json, startApi, type TestApi, testOrigin } from "./start-api.ts";

const callback = "/api/v1/auth/github/callback";
let github: Awaited<ReturnType<typeof startGithub>>;
let api: TestApi;
beforeAll(async () => {
	github = await startGithub();
	github.register(`${testOrigin}${callback}`);
	api = await startApi({ env: github.env });
});
afterAll(async () => {
	await api.close();
	await github.close();
});

let count = 0;
const newPerson = (emails?: Person["emails"]): Person => {
	const id = 583_000 + ++count;
	return {
		id,
		login: `octocat-${id}`,
		name: "The Octocat",
		emails: emails ?? [{ email: `octo-${id}@example.org`, primary: true, verified: true }],
	};
};

/** A browser: keeps every cookie, follows nothing by itself. */
const openBrowser = (url = api.url) => {
	const cookies = new Map<string, string>();
	const take = (response: Response) => {
		for (const line of response.headers.getSetCookie()) {
			const [pair = ""] = line.split(";");
			const [name = "", value = ""] = pair.split("=");
			if (value === "") cookies.delete(name);
			else cookies.set(name, value);
		}
	};
	const header = () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	const visit = async (path: string, headers: Record<string, string> = {}) => {
		const response = await fetch(`${url}${path}`, { redirect: "manual", headers: { cookie: header(), ...headers } });
		take(response);
		return {
			status: response.status,
			location: response.headers.get("location") ?? "",
			setCookie: response.headers.getSetCookie(),
			headers: response.headers,
		};
	};
	return {
		cookies,
		visit,
		/** To GitHub, which answers with the way back. */
		leave: async (query = "") => {
			const start = await visit(`/api/v1/auth/github${query}`);
			if (!start.location.startsWith(github.url)) return { start, back: "" };
			const there = await fetch(start.location, { redirect: "manual" });
			const back = there.headers.get("location");
			if (!back) throw new Error(`GitHub refused the request: ${await there.text()}`);
			return { start, back: back.replace(testOrigin, "") };
		},
		session: async (): Promise<Json> => (await fetch(`${url}/api/v1/auth/session`, { headers: { cookie: header() } })).json(),
		take: (caller: Caller) => {
			const [name = "", value = ""] = (caller.cookie ?? "").split("=");
			cookies.set(name, value);
		},
	};
};

/** There and back. Answers with the page that the browser ends at. */
const throughGithub = async (browser: ReturnType<typeof openBrowser>, person: Person | null, query = "") => {
	github.signIn(person);
	const { start, back } = await browser.leave(query);
	return back === "" ? start.location : (await browser.visit(back)).location;
};

describe("signing in with GitHub", () => {
	test("makes an account of somebody new, and the same session as a password does", async () => {
		const browser = openBrowser();
		const person = newPerson();
		github.signIn(person);
		const { start, back } = await browser.leave("?return=%2Fprojects%2F7%3Fa%3D1");
		expect(start.setCookie).toHaveLength(1);
		expect(start.setCookie[0]).toMatch(/^sid_github=[^;]+; Path=\/api\/v1\/auth\/github; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
		expect(start.headers.get("cache-control")).toBe("no-store");
		const end = await browser.visit(back);
		expect(end).toMatchObject({ status: 302, location: "/projects/7?a=1" });
		expect(end.setCookie.find((line) => line.startsWith("sid="))).toMatch(/^sid=[^;]+;.*Path=\/;.*HttpOnly;.*SameSite=Lax/);
		expect([...browser.cookies.keys()]).toEqual(["sid"]);
		const { user } = await browser.session();
		expect(user).toMatchObject({ name: "The Octocat", email: `octo-${person.id}@example.org` });

		const later = openBrowser();
		expect(await throughGithub(later, { ...person, emails: [] })).toBe("/");
		expect((await later.session()).user.id).toBe(user.id);
	});

	test("works once, in the browser that began it, within its time", async () => {
		const [browser, other] = [openBrowser(), openBrowser()];
		github.signIn(newPerson());
		const { back } = await browser.leave("?return=%2Fprojects%2F7");
		// Somebody else's sign-in, pushed on this browser, which began one of its own.
		await other.leave();
		expect((await other.visit(back)).location).toBe("/sign-in?problem=expired");
		expect((await openBrowser().visit(back)).location).toBe("/sign-in?problem=expired");
		expect((await browser.visit(back.replace(/state=.{5}/, "state=aaaaa"))).location).toBe(
			"/sign-in?problem=expired&return=%2Fprojects%2F7",
		);
		// The cookie is gone with the first try, whatever came of it.
		expect((await browser.visit(back)).location).toBe("/sign-in?problem=expired");
		expect(other.cookies.has("sid") || browser.cookies.has("sid")).toBe(false);
	});

	test("a code that was spent already is told from a GitHub that is away", async () => {
		const [browser, thief] = [openBrowser(), openBrowser()];
		github.signIn(newPerson());
		const { back } = await browser.leave();
		thief.cookies.set("sid_github", browser.cookies.get("sid_github") ?? "");
		expect((await browser.visit(back)).location).toBe("/");
		expect((await thief.visit(back)).location).toBe("/sign-in?problem=expired");
	});

	test("says what went wrong at GitHub, and stays up", async () => {
		const html = { status: 502, body: "<html>Unicorn</html>" };
		for (const [path, trouble] of [
			["/login/oauth/access_token", html],
			["/login/oauth/access_token", "hang up"],
			["/api/v3/user", { status: 401, body: "{}" }],
			["/api/v3/user/emails", html],
			["/api/v3/user/emails", { status: 200, body: '{"message":"not a list"}' }],
		] as const) {
			github.trouble(path, trouble);
			expect(await throughGithub(openBrowser(), newPerson()), path).toBe("/sign-in?problem=unavailable");
		}
		expect(await throughGithub(openBrowser(), null)).toBe("/sign-in?problem=denied");
		expect(await throughGithub(openBrowser(), newPerson())).toBe("/");
	});

	test("trusts the primary address, and only a verified one", async () => {
		const other = { email: "other@example.org", primary: false, verified: true };
		for (const emails of [[], [other], [{ email: "mine@example.org", primary: true, verified: false }, other]])
			expect(await throughGithub(openBrowser(), newPerson(emails))).toBe("/sign-in?problem=no_verified_email");
		const browser = openBrowser();
		expect(await throughGithub(browser, newPerson([other, { email: "first@example.org", primary: true, verified: true }]))).toBe("/");
		expect((await browser.session()).user.email).toBe("first@example.org");
	});

	test("an odd address locks nobody out: only the primary one is looked at, as this product's own forms do", async () => {
		const primary = (email: string) => ({ email, primary: true, verified: true });
		const odd = { email: "no address", primary: false, verified: true };
		for (const email of ["a&b@example.org", "a/b@example.org"]) {
			const browser = openBrowser();
			expect(await throughGithub(browser, newPerson([odd, primary(email)]))).toBe("/");
			expect((await browser.session()).user.email).toBe(email);
		}
		const person = newPerson();
		expect(await throughGithub(openBrowser(), person)).toBe("/");
		expect(await throughGithub(openBrowser(), { ...person, emails: [primary("no address")] })).toBe("/");
		expect(await throughGithub(openBrowser(), newPerson([primary("no address")]))).toBe("/sign-in?problem=no_verified_email");
	});

	test("takes over no account that has the same address", async () => {
		const { session } = await api.signUp("Ada");
		const person = newPerson([{ email: session.user.email, primary: true, verified: true }]);
		const browser = openBrowser();
		expect(await throughGithub(browser, person)).toBe("/sign-in?problem=email_taken");
		expect(browser.cookies.size).toBe(0);
	});

	test("leads nowhere but to pages of this site", async () => {
		const elsewhere = ["//", "https://", "/\\", "/\t/", "/\\\r\n/", "/..//", "/invitation/..//", "/%2e%2e//", "/.%2E/\\", "/a/%2E%2e/.//"];
		for (const away of [...elsewhere.map((start) => `${start}evil.example.org`), "javascript:alert(1)", "evil", ""]) {
			const query = `?return=${encodeURIComponent(away)}`;
			expect(await throughGithub(openBrowser(), newPerson(), query), away).toBe("/");
			expect(await throughGithub(openBrowser(), newPerson(), `${query}&link=x`), away).toBe("/sign-in?problem=expired");
		}
		expect(await throughGithub(openBrowser(), newPerson(), "?return=/a/../projects/7?b=//c")).toBe("/projects/7?b=//c");
	});
});

describe("linking GitHub to an account", () => {
	const askToLink = async (caller: Caller) => {
		const { status, body } = await caller.call("POST", "/api/v1/auth/linked-accounts/github");
		expect(status).toBe(200);
		const browser = openBrowser();
		browser.take(caller);
		return { browser, query: body.url.replace("/api/v1/auth/github", "") as string };
	};

	test("needs the session that asked for it, and signs in from then on", async () => {
		const ada = await api.signUp("Ada");
		const person = newPerson();
		const { browser, query } = await askToLink(ada);
		expect(await throughGithub(browser, person, `${query}&return=%2Faccount`)).toBe("/account?linked=github");
		const { items, has_password } = (await ada.call("GET", "/api/v1/auth/linked-accounts")).body;
		expect({ items, has_password }).toMatchObject({
			has_password: true,
			items: [{ provider: "github", name: person.login, external_user_id: String(person.id) }],
		});
		const later = openBrowser();
		expect(await throughGithub(later, person)).toBe("/");
		expect((await later.session()).user.id).toBe(ada.session.user.id);

		const removed = await ada.call("DELETE", `/api/v1/auth/linked-accounts/${items[0].id}`);
		expect(removed.status).toBe(200);
		expect(await throughGithub(openBrowser(), newPerson([{ email: ada.session.user.email, primary: true, verified: true }]))).toContain(
			"email_taken",
		);
	});

	test("can't be begun by another site, by a stranger, or for another session", async () => {
		const [ada, eve] = [await api.signUp("Ada"), await api.signUp("Eve")];
		expect(await ada.call("POST", "/api/v1/auth/linked-accounts/github", { headers: { "x-csrf-token": "" } })).toMatchObject({
			status: 403,
		});
		const { query } = await askToLink(eve);
		const browser = openBrowser();
		browser.take(ada);
		for (const forced of [query, "?link=", "?link=x", "?link=a&link=b"])
			expect(await throughGithub(browser, newPerson(), forced), forced).toContain("problem=expired");
		expect(await throughGithub(openBrowser(), newPerson(), query)).toContain("problem=expired");
		// Signed out in another tab meanwhile.
		const { browser: tab, query: own } = await askToLink(ada);
		github.signIn(newPerson());
		const { back } = await tab.leave(own);
		await ada.call("POST", "/api/v1/auth/logout");
		expect((await tab.visit(back)).location).toBe("/?problem=expired");
		expect((await eve.call("GET", "/api/v1/auth/linked-accounts")).body.items).toEqual([]);
	});

	test("is refused for a GitHub account that is somebody else here", async () => {
		const person = newPerson();
		const [ada, eve] = [await api.signUp("Ada"), await api.signUp("Eve")];
		for (const [caller, page] of [
			[ada, "/?linked=github"],
			[eve, "/?problem=linked_elsewhere"],
		] as const) {
			const { browser, query } = await askToLink(caller);
			expect(await throughGithub(browser, person, query)).toBe(page);
		}
	});
});

describe("of a hundred tries from one address", () => {
	const from = { "x-forwarded-for": "198.51.100.7" };
	let limited: TestApi;
	beforeAll(async () => {
		limited = await startApi({ env: github.env });
	});
	afterAll(() => limited.close());

	test("what other sites made the browser do counts for nothing, and neither does a GitHub that is away", async () => {
		const { session } = await limited.signUp("Vic");
		for (let time = 0; time < 101; time += 1) {
			const browser = openBrowser(limited.url);
			if (time % 2 === 0) await browser.leave();
			expect((await browser.visit(`${callback}?code=x&state=y`, from)).location).toBe("/sign-in?problem=expired");
		}
		for (let time = 0; time < 101; time += 1) {
			const browser = openBrowser(limited.url);
			github.signIn(newPerson());
			const { back } = await browser.leave();
			github.trouble("/login/oauth/access_token", "hang up");
			expect((await browser.visit(back, from)).location).toBe("/sign-in?problem=unavailable");
		}
		const body = { email: session.user.email, password: "correct horse battery" };
		expect((await limited.caller().call("POST", "/api/v1/auth/login", { body, headers: from })).status).toBe(200);
		const browser = openBrowser(limited.url);
		github.signIn(newPerson());
		expect((await browser.visit((await browser.leave()).back, from)).location).toBe("/");
	});

	test("those that GitHub refused stop the next with GitHub, and none by password or from elsewhere", async () => {
		for (let time = 0; time < 100; time += 1) {
			const browser = openBrowser(limited.url);
			const { back } = await browser.leave();
			expect((await browser.visit(back.replace(/code=\w+/, "code=guess"), from)).location).toBe("/sign-in?problem=expired");
		}
		const browser = openBrowser(limited.url);
		github.signIn(newPerson());
		expect((await browser.visit((await browser.leave()).back, from)).location).toBe("/sign-in?problem=too_many_tries");
		expect(await throughGithub(browser, newPerson())).toBe("/");
		const body = { email: (await limited.signUp("Vic")).session.user.email, password: "correct horse battery" };
		expect((await limited.caller().call("POST", "/api/v1/auth/login", { body, headers: from })).status).toBe(200);
	});
});

describe("where sign-up is by invitation", () => {
	test("the first account, linked accounts and invited addresses come in, and nobody else", async () => {
		const closed = await startApi({ env: { ...github.env, SIGNUP: "invitation" } });
		try {
			expect((await closed.caller().call("GET", "/api/v1/auth/methods")).body).toEqual({ github: true, sign_up: "first_account" });
			expect(await throughGithub(openBrowser(closed.url), newPerson())).toBe("/");
			expect((await closed.caller().call("GET", "/api/v1/auth/methods")).body).toEqual({ github: true, sign_up: "invitation" });
			expect(await throughGithub(openBrowser(closed.url), newPerson())).toBe("/sign-in?problem=sign_up_closed");

			const owner = await buildProject(closed.db, "Apollo");
			const invited = newPerson();
			await createInvitation(owner, { email: invited.emails[0]?.email ?? "", role: "editor" });
			const browser = openBrowser(closed.url);
			expect(await throughGithub(browser, invited, "?return=%2Finvitation")).toBe("/invitation");
			// The page there asks whether to join.
			expect((await browser.session()).projects).toEqual([]);
		} finally {
			await closed.close();
		}
	});
});

test("the way there and back is open to GET alone", async () => {
	for (const path of ["/api/v1/auth/github", callback]) {
		const reply = await api.caller().call("DELETE", path);
		expect(reply).toMatchObject({ status: 405, body: { code: "method_not_allowed" } });
		expect(reply.headers.get("allow")).toBe("GET, HEAD");
	}
});

test("without GitHub's settings there is no way there", async () => {
	const without = await startApi();
	try {
		expect((await without.caller().call("GET", "/api/v1/auth/methods")).body).toEqual({ github: false, sign_up: "open" });
		expect((await without.caller().call("GET", "/api/v1/auth/github")).status).toBe(404);
		const ada = await without.signUp();
		expect(await ada.call("POST", "/api/v1/auth/linked-accounts/github")).toMatchObject({ status: 422 });
	} finally {
		await without.close();
	}
});

test("at an https address its cookie is Secure, too", async () => {
	const secure = await startApi({ env: { ...github.env, PUBLIC_URL: "https://planner.example.org" } });
	try {
		const start = await openBrowser(secure.url).visit("/api/v1/auth/github");
		expect(start.setCookie[0]).toMatch(/; Secure/);
		expect(new URL(start.location).searchParams.get("redirect_uri")).toBe(`https://planner.example.org${callback}`);
	} finally {
		await secure.close();
	}
});
