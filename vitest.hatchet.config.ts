import { defineConfig } from "vitest/config";

/** What only a real Hatchet can show: the engine's conformance suite and the whole product on it. Needs one, by token or as a sidecar. */
export default defineConfig({
	test: {
		globalSetup: ["scripts/hatchet-required.ts", "scripts/vitest-setup.ts", "scripts/vitest-hatchet-setup.ts"],
		include: ["**/*.hatchet.test.ts"],
		exclude: ["**/node_modules/**", "**/dist/**"],
		fileParallelism: false,
		testTimeout: 120_000,
		hookTimeout: 120_000,
		teardownTimeout: 40_000,
	},
});
