import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { testEncryptionKey } from "@agentplanner/core/testing";
import { pino } from "pino";
import { loadConfig } from "../src/config.ts";
import { startWorker } from "../src/start-worker.ts";

const log = pino({ level: "silent" });

/** A real worker on the Postgres engine. */
export const startTestWorker = (url: string) =>
	startWorker(
		loadConfig({
			DATABASE_URL: url,
			ENCRYPTION_KEY: testEncryptionKey,
			ENGINE: "postgres",
			WORKER_HEALTH_PORT: "0",
			WORKER_CONCURRENCY: "5",
		}),
		log,
	);

export type Hit = { headers: IncomingHttpHeaders; body: { type: string; data: Record<string, unknown> } };
export type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | "hang" | "cut";

/** A receiver on loopback that answers as it is told. */
export const startReceiver = async (answer: (hit: Hit, number: number) => Reply | Promise<Reply>) => {
	const hits: Hit[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", async () => {
			const hit = { headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as Hit["body"] };
			hits.push(hit);
			const reply = await answer(hit, hits.length);
			if (reply === "hang") return;
			if (reply === "cut") {
				request.socket.destroy();
				return;
			}
			response
				.writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
				.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
		hits,
		close: () =>
			new Promise<void>((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
};

/** Waits until `read` gives something truthy; fails after `ms`. */
export const until = async <T>(read: () => Promise<T | null | undefined | false>, ms = 10_000): Promise<T> => {
	const end = Date.now() + ms;
	for (;;) {
		const value = await read();
		if (value) return value;
		if (Date.now() > end) throw new Error(`Nothing came within ${ms} ms.`);
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
};
