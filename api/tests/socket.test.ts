import { randomUUID } from "node:crypto";
import { emit, inTransaction } from "@agentplanner/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../scripts/testing/eventually.ts";
import { mostChanges } from "../src/socket/change-feed.ts";
import { furnish, type Owner, startApi, type TestApi } from "./start-api.ts";
import { useSockets } from "./use-sockets.ts";

let api: TestApi;
let ada: Owner;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterAll(() => api.close());
const { address, openPage, rawUpgrade, refusal } = useSockets(() => api.url);

describe("opening a socket", () => {
	test("needs a live session", async () => {
		expect(await refusal({})).toBe(401);
		expect(await refusal({ cookie: "sid=made-up" })).toBe(401);
	});

	test("is refused to pages of other sites, which would send our cookie along", async () => {
		const cookie = ada.caller.cookie ?? "";
		expect(await refusal({ cookie, origin: "https://evil.example.org" })).toBe(403);
		expect(await refusal({ cookie, origin: "null" })).toBe(403);
		await openPage(ada.caller, { origin: api.url });
		await openPage(ada.caller, { origin: "http://planner.test" });
	});

	test("works at its own address alone", async () => {
		expect(await refusal({ cookie: ada.caller.cookie ?? "" }, address().replace("/socket", "/other"))).toBe(404);
	});

	test("an odd address is a 404 there", async () => {
		for (const target of ["//", "http://[", "/api/v1/sockets"])
			expect(await rawUpgrade("GET", target, "WebSocket"), target).toMatch(/^HTTP\/1\.1 404 /);
	});

	test("a request that offers another protocol, as curl and Java do, is answered as any other", async () => {
		const login = '{"email":"nobody@example.org","password":"x"}';
		for (const protocol of ["h2c", "nonsense", "h2c, websocket"]) {
			expect(await rawUpgrade("GET", "/health", protocol)).toMatch(/^HTTP\/1\.1 200 /);
			const reply = await rawUpgrade("POST", "/api/v1/auth/login", protocol, login);
			expect(reply).toMatch(/^HTTP\/1\.1 401 /);
			expect(reply).toContain('"code":"unauthorized"');
		}
	});
});

describe("a subscribed page", () => {
	test("hears of a change within a second, as entity, id and position and nothing else", async () => {
		const page = await openPage(ada.caller);
		await page.subscribe(ada.project.id);
		const { body: plan } = await ada.call("POST", `${ada.base}/plans`, { body: { title: "Very secret title" } });
		const startedAt = Date.now();
		const message = await page.until((candidate) => candidate.type === "changed" && candidate.id === plan.id, 1_000);
		expect(Date.now() - startedAt).toBeLessThan(1_000);
		expect(message).toEqual({ type: "changed", project_id: ada.project.id, entity: "plan", id: plan.id, position: expect.any(Number) });
		expect(JSON.stringify(page.messages)).not.toContain("secret");
	});

	test("gets what it missed after the position it has seen, each change once and in order", async () => {
		const { node } = await furnish(ada);
		const [first] = await eventually("the node's event is stamped", async () => {
			const { items } = (await ada.call("GET", `${ada.base}/events?subject_id=${node.id}`)).body;
			return items.length > 0 && items;
		});
		const page = await openPage(ada.caller);
		expect(await page.subscribe(ada.project.id, first.position - 1)).toMatchObject({ position: first.position - 1 });
		await page.until((message) => message.type === "changed" && message.id === node.id);
		await new Promise((resolve) => setTimeout(resolve, 1_200));
		const positions = page.messages.flatMap((message) => (message.type === "changed" ? [message.position] : []));
		expect(positions).toEqual([...new Set(positions)].sort((one, other) => one - other));
		expect(positions[0]).toBe(first.position);
	});

	test("hears nothing of other projects", async () => {
		const eve = await api.owner("Eve");
		const page = await openPage(ada.caller);
		await page.subscribe(ada.project.id);
		await eve.call("POST", `${eve.base}/plans`, { body: { title: "Hers" } });
		const { body: mine } = await ada.call("POST", `${ada.base}/plans`, { body: { title: "Mine" } });
		await page.until((message) => message.type === "changed" && message.id === mine.id);
		expect(new Set(page.messages.map((message) => message.project_id))).toEqual(new Set([ada.project.id]));
	});

	test("is told to read everything again when more than 500 changes are new, or when positions began anew", async () => {
		const busy = await api.owner("Busy");
		await inTransaction({ ...api.core, projectId: busy.project.id }, (tx) =>
			emit(tx, ...Array.from({ length: mostChanges + 1 }, () => ({ type: "plan.link.renewed" as const, subjectId: randomUUID() }))),
		);
		const unstamped = "select 1 from events where position is null";
		while ((await api.db.pool.query(unstamped)).rows.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
		const page = await openPage(busy.caller);
		await page.subscribe(busy.project.id, 0);
		await page.until(({ type }) => type === "reset");
		expect(page.messages.filter(({ type }) => type === "changed")).toEqual([]);

		const ahead = await openPage(busy.caller);
		await ahead.subscribe(busy.project.id, 1_000_000);
		await ahead.until((message) => message.type === "reset" && message.position < 1_000_000);
	});

	test("dozens of pages all hear of one change", async () => {
		const pages = await Promise.all(Array.from({ length: 40 }, () => openPage(ada.caller)));
		await Promise.all(pages.map((page) => page.subscribe(ada.project.id)));
		const { body: plan } = await ada.call("POST", `${ada.base}/plans`, { body: { title: "For all" } });
		await Promise.all(pages.map((page) => page.until((message) => message.type === "changed" && message.id === plan.id)));
	});
});

describe("a page that may not", () => {
	test("is refused a stranger's project and one that doesn't exist, alike", async () => {
		const eve = await api.owner("Eve");
		const page = await openPage(eve.caller);
		for (const projectId of [ada.project.id, randomUUID()]) {
			page.say({ type: "subscribe", project_id: projectId, after: null });
			expect(await page.until((message) => message.project_id === projectId)).toMatchObject({ type: "refused" });
		}
		await ada.call("POST", `${ada.base}/plans`, { body: { title: "Not for Eve" } });
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(page.messages.filter(({ type }) => type === "changed")).toEqual([]);
	});

	test("is closed within 5 s of its session's end", async () => {
		const caller = await api.signUp("Leaving");
		const page = await openPage(caller);
		await caller.call("POST", "/api/v1/auth/logout");
		const startedAt = Date.now();
		expect(await page.closed).toBe(1008);
		expect(Date.now() - startedAt).toBeLessThan(5_000);
	});

	test("loses its subscription within 5 s of leaving the project", async () => {
		const member = await api.signUp("Member");
		const values = [ada.project.id, member.session.user.id];
		await api.db.pool.query("insert into project_members (project_id, user_id, role) values ($1, $2, 'viewer')", values);
		const page = await openPage(member);
		await page.subscribe(ada.project.id);
		await api.db.pool.query("delete from project_members where project_id = $1 and user_id = $2", values);
		await page.until(({ type }) => type === "refused", 5_000);
		const heard = page.messages.length;
		await ada.call("POST", `${ada.base}/plans`, { body: { title: "After" } });
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(page.messages).toHaveLength(heard);
	});

	test("gets an answer to nonsense, and is closed for more than 16 kB", async () => {
		const page = await openPage(ada.caller);
		for (const nonsense of ["", "{", "[]", "null", '{"type":"subscribe","project_id":"7","after":null}', "\u0000"]) page.say(nonsense);
		await page.until(() => page.messages.length === 6);
		expect(new Set(page.messages.map(({ type }) => type))).toEqual(new Set(["refused"]));
		page.say("x".repeat(17_000));
		expect(await page.closed).toBe(1009);
	});

	test("may watch 20 projects and no more", async () => {
		const caller = await api.signUp("Many");
		const page = await openPage(caller);
		for (let number = 0; number < 21; number += 1) {
			const { body: project } = await caller.call("POST", "/api/v1/projects", { body: { name: `Project ${number}` } });
			page.say({ type: "subscribe", project_id: project.id, after: null });
		}
		await page.until(({ type }) => type === "refused");
		expect(page.messages.filter(({ type }) => type === "subscribed")).toHaveLength(20);
	});
});

test("fifty sockets are one person's lot, whichever way they come; they are checked together, and keep nobody else's open", {
	timeout: 60_000,
}, async () => {
	const many = await api.owner("Many");
	const projectIds = [many.project.id];
	while (projectIds.length < 20) projectIds.push((await many.call("POST", "/api/v1/projects", { body: { name: "One more" } })).body.id);
	const pages = await Promise.all(Array.from({ length: 50 }, () => openPage(many.caller)));
	const { access_token } = (await many.call("POST", "/api/v1/auth/token")).body;
	for (const headers of [{ cookie: many.caller.cookie ?? "" }, { authorization: `Bearer ${access_token}` }])
		expect(await refusal(headers)).toBe(429);
	for (const page of pages) for (const projectId of projectIds) page.say({ type: "subscribe", project_id: projectId, after: null });
	await Promise.all(pages.map(({ messages, until }) => until(() => messages.length >= 20, 30_000)));

	const victim = await api.signUp("Victim");
	const page = await openPage(victim);
	const commits = async () =>
		Number((await api.db.pool.query("select xact_commit from pg_stat_database where datname = current_database()")).rows[0].xact_commit);
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	const before = await commits();
	await new Promise((resolve) => setTimeout(resolve, 5_500));
	expect((await commits()) - before).toBeLessThan(500);
	await victim.call("POST", "/api/v1/auth/logout");
	const startedAt = Date.now();
	expect(await page.closed).toBe(1008);
	expect(Date.now() - startedAt).toBeLessThan(5_000);
	pages[0]?.socket.close();
	await pages[0]?.closed;
	await openPage(many.caller);
});
