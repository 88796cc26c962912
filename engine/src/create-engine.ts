import type { Engine } from "./engine.ts";
import type { HatchetEngineOptions } from "./hatchet.ts";
import type { PostgresEngineOptions } from "./postgres.ts";

export type CreateEngineOptions = ({ kind: "postgres" } & PostgresEngineOptions) | ({ kind: "hatchet" } & HatchetEngineOptions);

/** Makes the engine and loads its library alone: neither process pays for the other one's. */
export const createEngine = async (options: CreateEngineOptions): Promise<Engine> => {
	if (options.kind === "postgres") return (await import("./postgres.ts")).createPostgresEngine(options);
	return (await import("./hatchet.ts")).createHatchetEngine(options);
};
