import { inject } from "vitest";
import "../../scripts/testing/hatchet-of-the-run.ts";
import { createEngine } from "../src/index.ts";
import type { ConformanceOptions } from "./harness.ts";
import { silent } from "./observations.ts";

export const hatchetConformance = (): ConformanceOptions => {
	const settings = { kind: "hatchet" as const, ...inject("hatchet"), workerName: "conformance" };
	return {
		makeEngine: (_, slots) => createEngine({ ...settings, log: silent, ...(slots ? { slots } : {}) }),
		engineSettings: () => settings,
		startMs: 10_000,
		// Hatchet polls for retries; now and then one takes half a minute.
		retryMs: 60_000,
		recoveryMs: 45_000,
		repeats: 1,
	};
};
