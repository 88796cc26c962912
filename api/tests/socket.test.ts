import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { SocketMessage } from "@agentplanner/contracts";
import { emit, inTransaction } from "@agentplanner/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "../../scripts/testing/eventually.ts";
import { mostChanges } from "../src/socket/change-feed.ts";
import { type Caller, furnish, type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
const open: WebSocket[] = [];
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterEach(() => {
	for (const socket of open.splice(0)) socket.terminate();
});
afterAll(() => api.close());

const address = () => `${api.url.replace("http", "ws")}/api/v1/socket`;

/** An open page: what it was sent, and how to wait for more. */
const openPage = async (caller: Pick<Caller, "cookie">, headers: Record<string, string> = {}) => {
	const socket = new WebSocket(address(), { headers: { cookie: caller.cookie ?? "", ...headers } });
	open.push(socket);
	const messages: SocketMessage[] = [];
	const closed = new Promise<number>((resolve) => socket.on("close", resolve));
	socket.on("message", (data) => messages.push(SocketMessage.parse(JSON.parse(data.toString()))));
	await new Promise<void>((resolve, reject) => {
		socket.on("open", resolve);
		socket.on("error", reject);
	});
	const until = async (matches: (message: SocketMessage) => boolean, withinMs = 2_000) => {
		const giveUpAt = Date.now() + withinMs;
		for (;;) {
			const found = messages.find(matches);
			if (found) return found;
			if (Date.now() > giveUpAt) throw new Error(`Not sent within ${withinMs} ms; sent: ${JSON.stringify(messages)}`);
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	};
	return {
		socket,
		messages,
		closed,
		until,
		say: (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
		subscribe: async (projectId: string, after: number | null = null) => {
			socket.send(JSON.stringify({ type: "subscribe", project_id: projectId, after }));
			return until(({ type }) => type === "subscribed");
		},
	};
};

/** A script: shows a token in a header instead of a cookie. */
const openScript = (headers: Record<string, string>) => openPage({ cookie: null }, headers);

/** The HTTP status with which an upgrade was refused. */
const refusal = (headers: Record<string, string>, url = address()) =>
	new Promise<number>((resolve, reject) => {
		const socket = new WebSocket(url, { headers });
		socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
		socket.on("open", () => reject(new Error("It was opened.")));
		socket.on("error", () => {});
	});

/** The whole response to a request with an Upgrade header. */
const rawUpgrade = (method: string, target: string, protocol: string, body = "") =>
	new Promise<string>((resolve, reject) => {
		const stream = connect(Number(new URL(api.url).port), "127.0.0.1");
		let text = "";
		stream.setEncoding("utf8").on("data", (part: string) => {
			text += part;
			// Kept alive otherwise: the request says `Connection: Upgrade`, not `close`.
			if (text.includes("\r\n\r\n")) setTimeout(() => stream.destroy(), 20);
		});
		stream.on("error", reject).on("close", () => resolve(text));
		stream.write(
			`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\n` +
				`Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
		);
	});

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
			emit(tx, ...Array.from({ length: mostChanges + 1 }, () => ({ type: "plan.updated" as const, subjectId: randomUUID() }))),
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

describe("each member hears of what they may see alone:", () => {
	const address = () => `${randomUUID()}@example.org`;
	/** A project with an open and a private plan, and a page of each kind of member. */
	const build = async () => {
		const owner = await api.owner("Owner");
		const { call, base, project } = owner;
		const makePlan = async (title: string) => {
			const { body: plan } = await call("POST", `${base}/plans`, { body: { title } });
			const { body: node } = await call("POST", `${base}/plans/${plan.id}/nodes`, { body: { title: "Task" } });
			return { planId: plan.id as string, nodeId: node.id as string };
		};
		const [open, secret] = [await makePlan("Open"), await makePlan("Secret")];
		await call("PUT", `${base}/plans/${secret.planId}/visibility`, { body: { visibility: "private" } });
		const join = async (role: string, planId?: string) => {
			const member = await api.signUp(role);
			const userId = member.session.user.id;
			await api.db.pool.query("insert into project_members (project_id, user_id, role) values ($1, $2, $3)", [project.id, userId, role]);
			if (planId !== undefined)
				await api.db.pool.query("insert into plan_collaborators (project_id, plan_id, user_id, role) values ($1, $2, $3, 'viewer')", [
					project.id,
					planId,
					userId,
				]);
			return { ...member, userId };
		};
		const callers = {
			owner: { ...owner.caller, userId: owner.session?.user.id ?? "" },
			editor: await join("editor"),
			viewer: await join("viewer"),
			"viewer of the private plan": await join("viewer", secret.planId),
			"guest of the open plan": await join("guest", open.planId),
			"guest of the private plan": await join("guest", secret.planId),
		};
		const settled = "select count(*)::int as number from events where position is null";
		await eventually("what was built is stamped", async () => (await api.db.pool.query(settled)).rows[0].number === 0);
		const pages: Record<string, Awaited<ReturnType<typeof openPage>>> = {};
		for (const [name, caller] of Object.entries(callers)) {
			const page = await openPage(caller);
			await page.subscribe(project.id);
			pages[name] = page;
		}
		return { owner, call, base, project, open, secret, callers, pages };
	};

	test("every act by every role", { timeout: 30_000 }, async () => {
		const { call, base, project, open, secret, callers, pages } = await build();
		const members = ["owner", "editor", "viewer", "viewer of the private plan"];
		const inOpen = [...members, "guest of the open plan"];
		const inSecret = ["owner", "viewer of the private plan", "guest of the private plan"];
		const everybody = Object.keys(callers);
		const post = async (path: string, body: unknown): Promise<string> => {
			const reply = await call("POST", `${base}${path}`, { body });
			expect(reply.status, path).toBeLessThan(300);
			return reply.body.id;
		};
		const goalId = await post("/goals", { title: "Grow" });
		const agentId = await post("/agents", { name: "Echo" });
		const ask = (nodeId: string) => post("/requests", { node_id: nodeId, question: "How?", targets: [{ agent_id: agentId }] });
		const decision = (nodeId: string) => post("/decisions", { node_id: nodeId, question: "Go on?" });
		await call("PATCH", base, { body: { name: "Renamed" } });
		await call("PATCH", `${base}/plans/${open.planId}`, { body: { title: "Opener" } });
		await call("PATCH", `${base}/plans/${secret.planId}`, { body: { title: "More secret" } });
		const expected: [entity: string, id: string, hearers: string[]][] = [
			["project", project.id, everybody],
			["plan", open.planId, inOpen],
			["plan", secret.planId, inSecret],
			["goal", goalId, members],
			["agent", agentId, members],
			["comment", await post(`/nodes/${open.nodeId}/comments`, { text: "Hello" }), inOpen],
			["comment", await post(`/nodes/${secret.nodeId}/comments`, { text: "Hello" }), inSecret],
			["log", await post(`/nodes/${open.nodeId}/logs`, { kind: "progress", text: "Half" }), inOpen],
			["log", await post(`/nodes/${secret.nodeId}/logs`, { kind: "progress", text: "Half" }), inSecret],
			["request", await ask(open.nodeId), inOpen],
			["request", await ask(secret.nodeId), inSecret],
			["decision", await decision(open.nodeId), inOpen],
			["decision", await decision(secret.nodeId), inSecret],
			["invitation", await post("/invitations", { email: address(), role: "viewer" }), ["owner"]],
		];
		await call("POST", `${base}/goals/${goalId}/links`, { body: { plan_id: open.planId } });
		// The last one is heard by all, and in order.
		await call("PATCH", base, { body: { name: "Renamed again" } });
		const heard = (name: string) =>
			(pages[name]?.messages ?? []).flatMap((message) => (message.type === "changed" ? [`${message.entity} ${message.id}`] : []));
		for (const name of everybody)
			await eventually(`${name} hears the last act`, () => heard(name).filter((one) => one === `project ${project.id}`).length === 2);
		for (const name of everybody) {
			const told = new Set(heard(name));
			for (const [entity, id, hearers] of expected)
				expect([entity, id, told.has(`${entity} ${id}`)], name).toEqual([entity, id, hearers.includes(name)]);
			expect(
				pages[name]?.messages.some(({ type }) => type === "reset"),
				name,
			).toBe(false);
		}
	});

	test("whoever sees less from now on is told to read everything again, and hears no more of it", { timeout: 30_000 }, async () => {
		const { call, base, open, callers, pages } = await build();
		const { editor, viewer, "guest of the open plan": guest, "guest of the private plan": other } = pages;
		await call("PUT", `${base}/plans/${open.planId}/visibility`, { body: { visibility: "private" } });
		await editor?.until(({ type }) => type === "reset");
		await viewer?.until(({ type }) => type === "reset");
		const ofOpen = (page: typeof guest) =>
			page?.messages.filter((message) => message.type === "changed" && message.id === open.planId).length;
		await guest?.until((message) => message.type === "changed" && message.id === open.planId);
		expect(guest?.messages.some(({ type }) => type === "reset")).toBe(false);
		expect(other?.messages).toHaveLength(1);
		const before = ofOpen(viewer);

		await call("PATCH", `${base}/plans/${open.planId}`, { body: { title: "Hidden" } });
		await eventually("the guest hears of it", () => ofOpen(guest) === 2);
		expect(ofOpen(viewer)).toBe(before);

		await call("PATCH", `${base}/members/${callers["guest of the open plan"].userId}`, { body: { role: "viewer" } });
		await guest?.until(({ type }) => type === "reset");
		const { body: goal } = await call("POST", `${base}/goals`, { body: { title: "Seen at once" } });
		await guest?.until((message) => message.type === "changed" && message.id === goal.id);
		await call("DELETE", `${base}/members/${callers.viewer.userId}`);
		await viewer?.until(({ type }) => type === "refused");
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

describe("a script with a token", () => {
	const makeToken = async (caller: Owner, scopes: string[]) =>
		(await caller.call("POST", `${caller.base}/tokens`, { body: { name: "Watcher", scopes } })).body as { id: string; token: string };
	const makeJwt = async (caller: Pick<Caller, "call">) => (await caller.call("POST", "/api/v1/auth/token")).body.access_token as string;

	test("hears of changes, with an API token in either header or a JWT", async () => {
		const { token } = await makeToken(ada, ["events:read"]);
		const scripts = [
			await openScript({ "x-api-key": token }),
			await openScript({ authorization: `Bearer ${token}` }),
			await openScript({ authorization: `Bearer ${await makeJwt(ada)}` }),
		];
		for (const script of scripts) await script.subscribe(ada.project.id);
		const { body: plan } = await ada.call("POST", `${ada.base}/plans`, { body: { title: "For scripts" } });
		for (const script of scripts) await script.until((message) => message.type === "changed" && message.id === plan.id);
	});

	test("is not let in by a token that isn't good, by one in the address, or by an agent's reply token", async () => {
		const { id, token } = await makeToken(ada, ["events:read"]);
		expect(await refusal({}, `${address()}?token=${token}&access_token=${token}&x-api-key=${token}`)).toBe(401);
		const bad = ["ap_made-up", "rt_0123", "x".repeat(5_000), "a.b.c"];
		for (const one of bad) expect(await refusal({ authorization: `Bearer ${one}` }), one).toBe(401);
		// A bad token isn't made good by a cookie beside it.
		expect(await refusal({ "x-api-key": "ap_made-up", cookie: ada.caller.cookie ?? "" })).toBe(401);
		await ada.call("DELETE", `${ada.base}/tokens/${id}`);
		expect(await refusal({ "x-api-key": token })).toBe(401);
	});

	test("is refused projects beyond its scope, its project and its owner's membership", async () => {
		const eve = await api.owner("Eve");
		const { token } = await makeToken(ada, ["plans:read"]);
		const script = await openScript({ "x-api-key": token });
		for (const projectId of [ada.project.id, eve.project.id]) {
			script.say({ type: "subscribe", project_id: projectId, after: null });
			await script.until((message) => message.type === "refused" && message.project_id === projectId);
		}
		expect(script.messages[0]).toMatchObject({ detail: expect.stringContaining("events:read") });
		const byEve = await openScript({ authorization: `Bearer ${await makeJwt(eve)}` });
		byEve.say({ type: "subscribe", project_id: ada.project.id, after: null });
		await byEve.until(({ type }) => type === "refused");
		await ada.call("POST", `${ada.base}/plans`, { body: { title: "Not for them" } });
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect([...script.messages, ...byEve.messages].filter(({ type }) => type === "changed")).toEqual([]);
	});

	test("is closed within 5 s of its token's or session's end, or of its owner's leaving", async () => {
		const [leaver, { id, token }] = [await api.owner("Leaver"), await makeToken(ada, ["events:read"])];
		const revoked = await openScript({ "x-api-key": token });
		await revoked.subscribe(ada.project.id);
		const signedOut = await openScript({ authorization: `Bearer ${await makeJwt(leaver)}` });
		await signedOut.subscribe(leaver.project.id);
		const orphaned = await openScript({ "x-api-key": (await makeToken(leaver, ["events:read"])).token });
		await orphaned.subscribe(leaver.project.id);

		await ada.call("DELETE", `${ada.base}/tokens/${id}`);
		await leaver.call("POST", "/api/v1/auth/logout");
		await api.db.pool.query("delete from project_members where user_id = $1", [leaver.session.user.id]);
		const startedAt = Date.now();
		expect(await Promise.all([revoked.closed, signedOut.closed, orphaned.closed])).toEqual([1008, 1008, 1008]);
		expect(Date.now() - startedAt).toBeLessThan(5_000);
	});
});
