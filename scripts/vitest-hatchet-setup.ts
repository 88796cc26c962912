import { startEmbeddedHatchet } from "@agentplanner/engine/hatchet-embedded";
import type { TestProject } from "vitest/node";
import { freePort } from "./start/ports.ts";
import type { HatchetAddress } from "./testing/hatchet-of-the-run.ts";

const log = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };

/** The Hatchet of this test run: the one the environment names, or a sidecar on the run's own PostgreSQL. */
export default async (project: TestProject) => {
	const {
		HATCHET_CLIENT_TOKEN: token,
		HATCHET_CLIENT_HOST_PORT: hostPort,
		HATCHET_CLIENT_API_URL: apiUrl,
		HATCHET_CLIENT_TLS_STRATEGY: tls,
		HATCHET_CLIENT_EMBEDDED_BINARY_PATH: binaryPath = "",
	} = process.env;
	if (token) {
		const address: HatchetAddress = {
			token,
			tls: tls === "none" ? "none" : "tls",
			...(hostPort ? { hostPort } : {}),
			...(apiUrl ? { apiUrl } : {}),
		};
		project.provide("hatchet", address);
		return async () => {};
	}
	const databaseUrl = `${project.getProvidedContext().postgresUrl}/hatchet`;
	const [grpcPort, apiPort] = [await freePort(), await freePort()];
	const hatchet = await startEmbeddedHatchet({ databaseUrl, grpcPort, apiPort, binaryPath, log });
	project.provide("hatchet", { token: hatchet.token, hostPort: hatchet.hostPort, apiUrl: hatchet.apiUrl, tls: "none" });
	return () => hatchet.stop();
};
