import { publicSocketPath } from "@agentplanner/contracts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "../../scripts/testing/eventually.ts";
import { type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterAll(() => api.close());

const publish = async (title: string) => {
	const { body: plan } = await ada.call("POST", `${ada.base}/plans`, { body: { title } });
	const path = `${ada.base}/plans/${plan.id}`;
	await ada.call("PUT", `${path}/visibility`, { body: { visibility: "public" } });
	await eventually("the publication is stamped", async () => {
		const { items } = (await ada.call("GET", `${ada.base}/events?subject_id=${plan.id}`)).body;
		return items.some(({ type }: { type: string }) => type === "plan.visibility.changed");
	});
	const { body } = await ada.call("GET", `${path}/public-link`);
	return { path, key: String(body.key) };
};

const connect = (key: string, headers: Record<string, string> = {}) => {
	const socket = new WebSocket(api.url.replace("http", "ws") + publicSocketPath(key), { headers });
	onTestFinished(() => socket.terminate());
	return socket;
};

/** As our proxy says it. */
const from = (address: string) => ({ "x-forwarded-for": `198.51.100.7, ${address}` });

/** A stranger's page: what it heard, and with which code it was closed. */
const openReader = async (key: string, address?: string) => {
	const socket = connect(key, address === undefined ? {} : from(address));
	const heard: unknown[] = [];
	let closedWith: number | null = null;
	socket.on("message", (data) => heard.push(JSON.parse(data.toString())));
	socket.on("close", (code) => {
		closedWith = code;
	});
	await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
	return { socket, heard, closedWith: () => closedWith };
};

const refusal = (key: string, headers: Record<string, string> = {}) =>
	new Promise<number>((resolve, reject) => {
		const socket = connect(key, headers);
		socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
		socket.on("open", () => reject(new Error("It was opened.")));
		socket.on("error", () => {});
	});

test("a reader without an account hears that the plan of their link changed, and nothing else", async () => {
	const [mine, other] = [await publish("Mine"), await publish("Other")];
	const reader = await openReader(mine.key);
	await ada.call("POST", `${other.path}/nodes`, { body: { title: "Elsewhere" } });
	await ada.call("POST", `${mine.path}/comments`, { body: { text: "Not for strangers." } });
	const watcher = await openReader(other.key);
	await ada.call("PATCH", other.path, { body: { title: "Renamed" } });
	await eventually("the other plan's reader hears", () => watcher.heard.length > 0);
	expect(reader.heard).toEqual([]);
	await ada.call("POST", `${mine.path}/nodes`, { body: { title: "Here" } });
	await eventually("the reader hears", () => reader.heard.length > 0);
	expect(reader.heard).toEqual([{ type: "changed" }]);
});

test("with the link ends the socket, after it said so; none is opened by a link that is none, or from another site", async () => {
	const { path, key } = await publish("Ended");
	const reader = await openReader(key);
	expect(await refusal(key, { origin: "https://evil.example.org" })).toBe(403);
	await ada.call("PUT", `${path}/visibility`, { body: { visibility: "private" } });
	await eventually("the socket is closed", () => reader.closedWith() !== null);
	expect([reader.heard, reader.closedWith()]).toEqual([[{ type: "changed" }], 1008]);
	expect(await refusal(key)).toBe(404);
	expect(await refusal("pub_nonsense")).toBe(404);
});

test("of a burst no more come in by one link than there is room for, and those of another link do", async () => {
	const [crowded, other] = [await publish("Crowded"), await publish("Quiet")];
	const open = await Promise.allSettled(Array.from({ length: 230 }, (_, index) => openReader(crowded.key, `203.0.113.${index}`)));
	expect(open.filter(({ status }) => status === "fulfilled")).toHaveLength(200);
	expect(await refusal(crowded.key)).toBe(503);
	await openReader(other.key);
});

test("from one address no more come in than an office needs, by whichever links; others do", async () => {
	const [one, other] = [await publish("One"), await publish("Another")];
	const mine = (index: number) => `2001:db8::${index.toString(16)}`;
	const open = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => openReader((index % 2 ? one : other).key, mine(index))));
	expect(open.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
	expect(await refusal(one.key, from(mine(99)))).toBe(429);
	await openReader(one.key, "2001:db8:1::1");
});

test("a reader who says something is cut off", async () => {
	const reader = await openReader((await publish("Said")).key);
	reader.socket.send("Hello");
	await eventually("the socket is closed", () => reader.closedWith() !== null);
	expect(reader.heard).toEqual([]);
});

test("whom the database kept from being told is told as soon as it answers again", async () => {
	const { path, key } = await publish("Held up");
	const reader = await openReader(key);
	// What was asked of events is answered, and whether the link is good isn't.
	const rename = (from: string, to: string) => api.db.pool.query(`alter table plan_nodes rename column ${from} to ${to}`);
	await rename("updated_at", "away");
	await ada.call("PUT", `${path}/visibility`, { body: { visibility: "private" } });
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	expect(reader.closedWith()).toBeNull();
	await rename("away", "updated_at");
	await eventually("the socket is closed", () => reader.closedWith() !== null);
	expect(reader.heard).toEqual([{ type: "changed" }]);
});
