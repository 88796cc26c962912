import { randomUUID } from "node:crypto";
import type { SocketMessage } from "@agentplanner/contracts";
import { type Context, emit, inTransaction, stampEvents } from "@agentplanner/core";
import { buildContext, buildProject } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChangeFeed, type Subscription } from "../src/socket/change-feed.ts";

let database: TestDatabase;
let core: Context;
beforeAll(async () => {
	database = await createTestDatabase();
	core = buildContext(database.db);
});
afterAll(() => database.drop());

const change = async (projectId: string, times = 1) => {
	await inTransaction({ ...core, projectId }, (tx) =>
		emit(tx, ...Array.from({ length: times }, () => ({ type: "plan.link.renewed" as const, subjectId: randomUUID() }))),
	);
	while (await stampEvents(database.db));
};

const nothing = async () => {};
const hearer = { userId: randomUUID(), role: "owner" as const };
const failing = (error: unknown) => {
	throw error;
};

test("a page that doesn't read is told to read everything again once it does, and nothing before", async () => {
	const { projectId } = await buildProject(database.db);
	const feed = createChangeFeed({ core, renewRoles: nothing, onError: failing });
	const sent: SocketMessage[] = [];
	let room = 2;
	const page: Subscription = {
		projectId,
		position: await feed.position(),
		behind: false,
		hearer,
		send: (message) => {
			if (room === 0) return false;
			room -= 1;
			sent.push(message);
			return true;
		},
	};
	feed.add(page);
	await change(projectId, 5);
	feed.wake();
	await feed.idle();
	expect(sent.map(({ type }) => type)).toEqual(["changed", "changed"]);

	await change(projectId);
	feed.wake();
	await feed.idle();
	expect(sent).toHaveLength(2);

	room = 10;
	feed.wake();
	await feed.idle();
	expect(sent.at(-1)).toEqual({ type: "reset", project_id: projectId, position: await feed.position() });

	await change(projectId);
	feed.wake();
	await feed.idle();
	expect(sent.map(({ type }) => type)).toEqual(["changed", "changed", "reset", "changed"]);
});

test("a wake-up while one is running is not lost, and a removed page hears nothing more", async () => {
	const { projectId } = await buildProject(database.db);
	const feed = createChangeFeed({ core, renewRoles: nothing, onError: failing });
	const sent: SocketMessage[] = [];
	const page: Subscription = {
		projectId,
		position: await feed.position(),
		behind: false,
		hearer,
		send: (message) => sent.push(message) > 0,
	};
	feed.add(page);
	feed.wake();
	await change(projectId);
	for (let time = 0; time < 5; time += 1) feed.wake();
	await feed.idle();
	expect(sent.map(({ type }) => type)).toEqual(["changed"]);

	feed.remove(page);
	await change(projectId);
	feed.wake();
	await feed.idle();
	expect(sent).toHaveLength(1);
});

test("a failed read is reported, and the next wake-up makes up for it", async () => {
	const { projectId } = await buildProject(database.db);
	const errors: unknown[] = [];
	let broken = true;
	const db = new Proxy(database.db.orm, {
		get: (target, name, receiver) => {
			if (broken && name === "select") throw new Error("away");
			return Reflect.get(target, name, receiver);
		},
	});
	const feed = createChangeFeed({ core: { ...core, db }, renewRoles: nothing, onError: (error) => errors.push(error) });
	const sent: SocketMessage[] = [];
	broken = false;
	const position = await feed.position();
	broken = true;
	feed.add({ projectId, position, behind: false, hearer, send: (message) => sent.push(message) > 0 });
	await change(projectId);
	feed.wake();
	await feed.idle();
	expect(errors).toHaveLength(1);
	broken = false;
	feed.wake();
	await feed.idle();
	expect(sent.map(({ type }) => type)).toEqual(["changed"]);
});
