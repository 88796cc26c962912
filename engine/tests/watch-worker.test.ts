import { createServer, type Server } from "node:http";
import { HatchetClient } from "@hatchet-dev/typescript-sdk";
import { afterEach, expect, test } from "vitest";
import { eventually } from "../../scripts/testing/eventually.ts";
import { watchWorker } from "../src/hatchet/watch-worker.ts";
import { sleep } from "./observations.ts";
import { unsignedToken } from "./unsigned-token.ts";

const workerId = "0199c3f0-0000-7000-8000-000000000001";
let server: Server | null = null;
let stop: (() => void) | null = null;

afterEach(() => {
	stop?.();
	server?.closeAllConnections();
	server?.close();
});

/** Hatchet's REST API as far as the watch asks it. */
const watch = async (answer: () => { status: number; body?: object }) => {
	let asked = 0;
	const listening = Promise.withResolvers<number>();
	server = createServer((request, response) => {
		asked += 1;
		const { status, body = {} } = request.url === `/api/v1/workers/${workerId}` ? answer() : { status: 500 };
		response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
	}).listen(0, "127.0.0.1", () => {
		const address = server?.address();
		listening.resolve(typeof address === "object" && address ? address.port : 0);
	});
	const api_url = `http://127.0.0.1:${await listening.promise}`;
	const client = HatchetClient.init({ token: unsignedToken, api_url, tls_config: { tls_strategy: "none" } });
	const deaths: Error[] = [];
	const { stop: stopWatch, isKnown } = watchWorker(client, workerId, (reason) => deaths.push(reason), { checkMs: 20, newMs: 100 });
	stop = stopWatch;
	return { deaths, isKnown, asked: () => asked };
};

for (const [what, answer] of [
	["inactive", { status: 200, body: { status: "INACTIVE" } }],
	["unknown", { status: 404 }],
] as const)
	test(`a worker that Hatchet calls ${what} five times in a row is dead, and that is said once`, async () => {
		const { deaths, isKnown } = await watch(() => answer);
		await eventually("it is declared dead", async () => deaths.length > 0, 5_000);
		await sleep(300);
		expect(deaths).toHaveLength(1);
		expect(deaths[0]?.message).toContain("no longer counts this worker");
		expect(await isKnown()).toBe(false);
	});

test("a Hatchet that answers with errors, and moments of inactivity, are no death", async () => {
	let round = 0;
	const { deaths, asked } = await watch(() => {
		round += 1;
		// Three times inactive, then away, then active again: only if errors counted would it be five in a row.
		if (round % 14 === 0) return { status: 200, body: { status: "ACTIVE" } };
		return round % 14 <= 3 ? { status: 200, body: { status: "INACTIVE" } } : { status: 503 };
	});
	await eventually("40 checks", async () => asked() > 40, 10_000);
	expect(deaths).toEqual([]);
});

test("a worker that somebody paused is not dead", async () => {
	const { deaths, isKnown, asked } = await watch(() => ({ status: 200, body: { status: "PAUSED" } }));
	await eventually("10 checks", async () => asked() > 10, 5_000);
	expect(deaths).toEqual([]);
	expect(await isKnown()).toBe(true);
});

test("a new worker may be inactive until its first heartbeat", async () => {
	let inactive = 0;
	const { deaths, isKnown } = await watch(() => {
		inactive += 1;
		return { status: 200, body: { status: inactive < 4 ? "INACTIVE" : "ACTIVE" } };
	});
	expect(await isKnown()).toBe(true);
	await sleep(300);
	expect(deaths).toEqual([]);
	expect(await isKnown()).toBe(true);
});

test("checks that hang don't pile up", async () => {
	let asked = 0;
	const client = {
		workers: {
			get: () => {
				asked += 1;
				return new Promise(() => {});
			},
		},
	} as unknown as HatchetClient;
	const { stop: stopWatch } = watchWorker(client, workerId, () => {}, { checkMs: 20 });
	stop = stopWatch;
	await sleep(300);
	expect(asked).toBe(1);
});
