import type { RunFolder } from "../../scripts/testing/run-folder.ts";
import { type OwnHatchet, startOwnHatchet } from "../support/breakable-hatchet.ts";
import { type EngineUnderTest, postgres } from "../support/engine-under-test.ts";

export type StartedEngine = EngineUnderTest & AsyncDisposable & { hatchet: OwnHatchet | null };

/** The engine for a run outside of the test suite; a Hatchet has its tables in a database server of its own. */
export const startEngine = async (name: EngineUnderTest["name"], run: RunFolder): Promise<StartedEngine> => {
	if (name === "postgres") return { ...postgres, hatchet: null, [Symbol.asyncDispose]: async () => {} };
	const { HATCHET_CLIENT_EMBEDDED_BINARY_PATH: binaryPath = "" } = process.env;
	const databaseUrl = (await run.startPostgres()).replace(/\/postgres$/, "/hatchet");
	const hatchet = await startOwnHatchet(binaryPath, databaseUrl);
	return { ...hatchet.engine, hatchet, [Symbol.asyncDispose]: () => hatchet.close() };
};
