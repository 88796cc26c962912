import { createServer } from "node:net";
import { afterAll, expect, inject, test } from "vitest";
import { type EmbeddedHatchet, startEmbeddedHatchet } from "../src/hatchet-embedded.ts";
import { createEngine } from "../src/index.ts";
import { useHarness } from "./harness.ts";
import { ownType, silent, sleep, until } from "./observations.ts";
import { writeEvents } from "./relay-rows.ts";

const freePort = () =>
	new Promise<number>((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
		});
	});

// A Hatchet of its own, since it is stopped in the middle; the ports stay, as behind any fixed address.
const { HATCHET_CLIENT_EMBEDDED_BINARY_PATH: binaryPath } = process.env;
const ports = { grpcPort: await freePort(), apiPort: await freePort() };
let hatchet: EmbeddedHatchet | null = null;
const startHatchet = async () => {
	hatchet = await startEmbeddedHatchet({
		databaseUrl: `${inject("postgresUrl")}/hatchet_outage`,
		...ports,
		...(binaryPath ? { binaryPath } : {}),
		log: silent,
	});
	return hatchet;
};
afterAll(async () => hatchet?.stop());

const { seen, start, relay, traced, runsOf } = useHarness({
	makeEngine: async () => {
		const { token, hostPort, apiUrl } = hatchet ?? (await startHatchet());
		return createEngine({ kind: "hatchet", token, hostPort, apiUrl, tls: "none", workerName: "outage", log: silent });
	},
	startMs: 10_000,
});

test.skipIf(!binaryPath)(
	"Hatchet away for 30 s: what was written meanwhile all runs within 75 s of its return",
	{ timeout: 240_000 },
	async () => {
		const type = ownType();
		const engine = await start([traced("reader", { on: [type] }, async ({ wakeId }) => seen().effect(wakeId))]);
		const { db } = seen();
		const started = relay(engine, [type]);
		const written = await writeEvents(db, { type });
		await runsOf("reader", 1);

		await hatchet?.stop();
		for (let second = 0; second < 30; second += 1) {
			written.push(...(await writeEvents(db, { type, count: 2 })));
			await sleep(1_000);
		}
		expect(await started.health()).toMatchObject({ outboxDepth: 60, parked: 0, lastError: expect.stringContaining("Hatchet") });
		expect(await engine.health()).toMatchObject({ ok: false, remedy: expect.stringContaining("Hatchet") });

		await startHatchet();
		const back = performance.now();
		await until("the outbox is empty", 15_000, async () => (await started.health()).outboxDepth === 0);
		await until("every event took effect", 75_000, async () => (await seen().effects()).length === written.length);
		expect(performance.now() - back).toBeLessThan(75_000);
		expect(await seen().effects()).toEqual(written.sort());
		expect(await engine.health()).toMatchObject({ ok: true });
	},
);
