import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { emit, inTransaction } from "@agentplanner/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEventWaiters } from "../src/http/event-waiters.ts";
import { type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let owner: Owner;
beforeAll(async () => {
	api = await startApi();
	owner = await api.owner();
});
afterAll(() => api.close());

const say = (type: "goal.updated" | "agent.updated", projectId = owner.project.id) =>
	inTransaction({ ...api.core, projectId }, (tx) => emit(tx, { type, subjectId: randomUUID(), data: { version: 2 } }));
const follow = async (query: string) => {
	const before = performance.now();
	const { status, body } = await owner.call("GET", `${owner.base}/events?types=goal.*&${query}`);
	return { status, body, tookMs: performance.now() - before };
};
const here = async () => (await follow("cursor=0&limit=200")).body.next_cursor;

test("who waits is answered as soon as there is something for them, and not by what isn't", async () => {
	const cursor = await here();
	const other = await api.owner("Grace");
	const following = follow(`cursor=${cursor}&wait=30`);
	await sleep(100);
	await say("agent.updated");
	await say("goal.updated", other.project.id);
	await sleep(400);
	const saidAt = performance.now();
	await say("goal.updated");
	const { body } = await following;
	expect(body.items).toMatchObject([{ type: "goal.updated" }]);
	expect(body.next_cursor).toBeGreaterThan(cursor);
	expect(performance.now() - saidAt).toBeLessThan(5_000);
});

test("of many that were committed in any order none is missed by who goes on with next_cursor", async () => {
	let cursor = await here();
	const seen: number[] = [];
	const writing = Promise.all(Array.from({ length: 60 }, () => say("goal.updated")));
	while (seen.length < 60) {
		const { status, body } = await follow(`cursor=${cursor}&wait=10&limit=7`);
		expect(status).toBe(200);
		seen.push(...body.items.map(({ position }: { position: number }) => position));
		cursor = body.next_cursor;
	}
	await writing;
	expect(seen).toEqual([...new Set(seen)].sort((one, other) => one - other));
});

test("nothing within the time is an empty page, from which one goes on", async () => {
	const cursor = await here();
	const { body, tookMs } = await follow(`cursor=${cursor}&wait=1`);
	expect(body).toEqual({ items: [], next_cursor: expect.any(Number) });
	expect(tookMs).toBeGreaterThan(900);
});

test.each(["wait=31", "types=Goal", "types=goal..,", "plan_id=1"])("%s is refused by name", async (query) => {
	const { status, body } = await owner.call("GET", `${owner.base}/events?${query}`);
	expect([400, 422]).toContain(status);
	expect(body.errors).toMatchObject([{ field: `query.${query.split("=")[0]}` }]);
});

test("who waits is woken by what they wait for, and reads nothing meanwhile", async () => {
	const waiters = createEventWaiters({ core: api.core, onError: (error) => expect.unreachable(String(error)) });
	const never = new AbortController().signal;
	const woken: string[] = [];
	const wait = async (name: string, types: string) => {
		const waiter = waiters.enter({ projectId: owner.project.id, types }, name);
		for (;;) {
			await waiter.come(never);
			woken.push(name);
		}
	};
	const word = async (type: Parameters<typeof say>[0], projectId?: string) => {
		await say(type, projectId);
		await here();
		for (const wakes of [1, 2]) {
			await sleep(wakes * 150);
			waiters.wake();
		}
		await sleep(150);
		return woken.splice(0);
	};
	const other = await api.owner("Joan");
	void wait("goals", "goal.*");
	void wait("agents", "goal.created,agent.*");
	// Nobody knows yet what was there before.
	expect((await word("goal.updated")).sort()).toEqual(["agents", "goals"]);
	expect(await word("agent.updated")).toEqual(["agents"]);
	expect(await word("goal.updated")).toEqual(["goals"]);
	expect(await word("goal.updated", other.project.id)).toEqual([]);
});

test("of one token ten calls may wait at once, the next hears why not; another one's wait all the same", async () => {
	const makeToken = async () =>
		(await owner.call("POST", `${owner.base}/tokens`, { body: { name: `Poll ${randomUUID()}`, scopes: ["events:read"] } })).body.token;
	const [token, second] = [await makeToken(), await makeToken()];
	const cursor = await here();
	const ask = (key: string, wait = 30) =>
		api.caller().call("GET", `${owner.base}/events?types=goal.*&cursor=${cursor}&wait=${wait}`, { headers: { "x-api-key": key } });
	const waiting = Array.from({ length: 10 }, () => ask(token));
	await sleep(500);
	const refused = await ask(token);
	expect(refused.status).toBe(429);
	expect(refused.body.detail).toContain("10 calls with your credential wait for events already");
	expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
	expect((await ask(token, 0)).status).toBe(200);
	const others = ask(second);
	await sleep(100);
	await say("goal.updated");
	for (const { status, body } of await Promise.all([...waiting, others])) expect([status, body.items.length]).toEqual([200, 1]);
	expect((await ask(token, 1)).status).toBe(200);
});

test("of one project a hundred calls may wait at once, however its id is written", async () => {
	const waiters = createEventWaiters({ core: api.core, onError: (error) => expect.unreachable(String(error)) });
	const over = new AbortController();
	const wait = (index: number) => {
		const projectId = index % 2 ? owner.project.id : owner.project.id.toUpperCase();
		return waiters.enter({ projectId }, `holder ${index}`).come(over.signal);
	};
	const waiting = Array.from({ length: 100 }, (_, index) => wait(index));
	await expect(wait(100)).rejects.toThrow("100 calls wait for events of this project already");
	over.abort();
	await Promise.all(waiting);
});

test("a server that stops answers who waits", async () => {
	const leaving = await startApi({ databaseUrl: api.database.url });
	const { token } = (await owner.call("POST", `${owner.base}/tokens`, { body: { name: "Poll", scopes: ["events:read"] } })).body;
	const following = leaving.caller().call("GET", `${owner.base}/events?types=goal.*&cursor=${await here()}&wait=30`, {
		headers: { "x-api-key": token },
	});
	await sleep(500);
	const before = performance.now();
	const closing = leaving.close();
	expect((await following).body.items).toEqual([]);
	expect(performance.now() - before).toBeLessThan(4_000);
	await closing;
});
