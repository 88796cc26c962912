import { createEngine } from "../src/index.ts";
import type { ConformanceOptions } from "./harness.ts";
import { silent } from "./observations.ts";

export const postgresConformance: ConformanceOptions = {
	makeEngine: (url, slots) => createEngine({ kind: "postgres", url, log: silent, ...(slots ? { concurrency: slots } : {}) }),
	engineSettings: (url) => ({ kind: "postgres", url }),
	startMs: 3_000,
	retryMs: 8_000,
	recoveryMs: 5_000,
	// One key is one job as long as it waits; pushed again while it runs, it runs again.
	repeats: 29,
};
