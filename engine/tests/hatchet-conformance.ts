import { inject } from "vitest";
import { createEngine } from "../src/index.ts";
import type { ConformanceOptions } from "./harness.ts";
import { silent } from "./observations.ts";

export type HatchetAddress = { token: string; tls: "none" | "tls"; hostPort?: string; apiUrl?: string };

declare module "vitest" {
	interface ProvidedContext {
		/** The Hatchet of this test run; set by scripts/vitest-hatchet-setup.ts. */
		hatchet: HatchetAddress;
	}
}

export const hatchetConformance = (): ConformanceOptions => {
	const settings = { kind: "hatchet" as const, ...inject("hatchet"), workerName: "conformance" };
	return {
		makeEngine: () => createEngine({ ...settings, log: silent }),
		engineSettings: () => settings,
		startMs: 10_000,
		// Hatchet polls for retries; now and then one takes half a minute.
		retryMs: 60_000,
		recoveryMs: 35_000,
		repeats: 1,
	};
};
