import { chooseEngine, createEngine, type Engine } from "@agentplanner/engine";
import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";

export type OpenedEngine = { engine: Engine; close(): Promise<void> };

/** The engine that the settings ask for; there is no fallback. The embedded Hatchet keeps a database of its own on our server. */
export const openEngine = async (config: Config, workerName: string, log: Logger): Promise<OpenedEngine> => {
	const { hatchet, concurrency, kind } = config.engine;
	const choice = chooseEngine({ engine: kind, hatchetToken: hatchet.token });
	if (choice.kind === "postgres") {
		const engine = await createEngine({ kind: "postgres", url: config.databaseUrl, log, concurrency });
		return { engine, close: async () => {} };
	}
	if (choice.kind === "hatchet") {
		const { hostPort, apiUrl, tls } = hatchet;
		const engine = await createEngine({
			kind: "hatchet",
			token: choice.token,
			workerName,
			log,
			slots: concurrency,
			...(hostPort ? { hostPort } : {}),
			...(apiUrl ? { apiUrl } : {}),
			...(tls ? { tls } : {}),
		});
		return { engine, close: async () => {} };
	}
	const { startEmbeddedHatchet } = await import("@agentplanner/engine/hatchet-embedded");
	const databaseUrl = new URL(config.databaseUrl);
	databaseUrl.pathname = "/hatchet";
	const { embeddedBinaryPath: binaryPath } = hatchet;
	const embedded = await startEmbeddedHatchet({ databaseUrl: databaseUrl.href, log, ...(binaryPath ? { binaryPath } : {}) });
	const { token, hostPort, apiUrl } = embedded;
	const engine = await createEngine({ kind: "hatchet", token, hostPort, apiUrl, tls: "none", workerName, log, slots: concurrency });
	return { engine, close: () => embedded.stop() };
};
