import { createServer } from "node:http";
import { metricsType } from "@agentplanner/core";
import type { EngineHealth, RelayHealth } from "@agentplanner/engine";

export type WorkerHealth = { engine: EngineHealth; relay: RelayHealth | null };

export type HealthServer = { port: number; close(): Promise<void> };

/** The health server can't have its port; the message says what to do. */
export class HealthPortError extends Error {
	override name = "HealthPortError";
	constructor(port: number, cause: unknown) {
		const code = (cause as { code?: string }).code ?? String(cause);
		const why = code === "EADDRINUSE" ? "another program uses it" : code;
		super(
			`The worker's health server can't listen on port ${port}: ${why}. Set WORKER_HEALTH_PORT to a free port, or to 0 to do without it.`,
			{ cause },
		);
	}
}

type Sources = { read: () => WorkerHealth | null; metrics: () => Promise<string> };

/** `/health`: the process lives; `/ready`: it has its engine, else 503 with the reason; `/metrics`: for Prometheus. On loopback alone. */
export const startHealthServer = async (port: number, { read, metrics }: Sources): Promise<HealthServer> => {
	const server = createServer((request, response) => {
		const reply = (status: number, body: unknown) =>
			response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		if (request.url === "/health") return reply(200, { status: "live" });
		if (request.url === "/metrics")
			return metrics().then(
				(text) => response.writeHead(200, { "content-type": metricsType }).end(text),
				() => reply(503, { status: "unavailable", detail: "The database can't be read." }),
			);
		if (request.url !== "/ready") return reply(404, { status: "not found" });
		const health = read();
		if (!health) return reply(503, { status: "unavailable", detail: "The worker is starting or stopping, or its engine doesn't answer." });
		return reply(health.engine.ok ? 200 : 503, { status: health.engine.ok ? "ready" : "unavailable", ...health });
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", (error) => reject(new HealthPortError(port, error)));
		server.listen(port, "127.0.0.1", resolve);
	});
	const address = server.address();
	return {
		port: typeof address === "object" && address ? address.port : port,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
};
