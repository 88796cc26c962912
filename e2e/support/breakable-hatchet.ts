import { inject } from "vitest";
import { freePort } from "../../scripts/start/ports.ts";
import { openWire } from "../../scripts/testing/breakable-wire.ts";
import { type EngineUnderTest, hatchetAt } from "./engine-under-test.ts";
import { awaitReady, type Launch, launch } from "./product.ts";

export type BreakableHatchet = {
	engine: EngineUnderTest;
	goAway(): Promise<void>;
	/** Resolves once it answers again. */
	comeBack(): Promise<void>;
	close(): Promise<void>;
};

export type OwnHatchet = BreakableHatchet & {
	/** As `kill -9` does. */
	kill(): Promise<void>;
};

const readyMs = 120_000;

/** A Hatchet in a process of our own, with its tables in that database; it is stopped or killed, and started again. */
export const startOwnHatchet = async (binaryPath: string, databaseUrl: string): Promise<OwnHatchet> => {
	// With whatever else the sidecar is told; the same ports over restarts, since they are part of the token.
	const env = {
		...(process.env as Record<string, string>),
		DATABASE_URL: databaseUrl,
		GRPC_PORT: String(await freePort()),
		API_PORT: String(await freePort()),
		HATCHET_CLIENT_EMBEDDED_BINARY_PATH: binaryPath,
	};
	const start = async () => {
		const running = launch("scripts/start/run-embedded-hatchet.ts", [], env);
		const address = new Promise<{ token: string; hostPort: string; apiUrl: string }>((resolve) => running.child.once("message", resolve));
		await awaitReady(running, readyMs);
		return { running, address: await address };
	};
	const end = async ({ child, exit }: Launch, signal: NodeJS.Signals) => {
		child.kill(signal);
		await exit;
	};
	let { running, address } = await start();
	return {
		engine: hatchetAt({ ...address, tls: "none" }),
		goAway: () => end(running, "SIGTERM"),
		kill: () => end(running, "SIGKILL"),
		comeBack: async () => {
			({ running, address } = await start());
		},
		close: () => end(running, "SIGTERM"),
	};
};

/** The ways to Hatchet that a token names, for what the settings don't say. */
const inToken = (token: string) => {
	const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
	return claims as { grpc_broadcast_address: string; server_url: string };
};

/** The Hatchet of the test run over wires of our own, which are cut. */
export const wireToHatchet = async (): Promise<BreakableHatchet> => {
	const { token, tls, hostPort, apiUrl } = inject("hatchet");
	const grpc = await openWire(`http://${hostPort ?? inToken(token).grpc_broadcast_address}`);
	const api = await openWire(apiUrl ?? inToken(token).server_url);
	const wires = [grpc, api];
	return {
		engine: hatchetAt({ token, tls, hostPort: new URL(grpc.url).host, apiUrl: api.url.replace(/\/$/, "") }),
		goAway: async () => {
			for (const wire of wires) wire.cut();
		},
		comeBack: async () => {
			for (const wire of wires) wire.mend();
		},
		close: async () => {
			await Promise.all(wires.map((wire) => wire.close()));
		},
	};
};
