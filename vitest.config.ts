import { defineConfig } from "vitest/config";

const folders = ["contracts", "db", "core", "engine", "adapters", "api", "worker", "frontend", "scripts", "bench", "e2e"];

export default defineConfig({
	test: {
		globalSetup: "scripts/vitest-setup.ts",
		projects: folders.map((name) => ({
			root: name,
			test: {
				name,
				include: ["**/*.test.ts", "**/*.test.tsx"],
				exclude: ["**/node_modules/**", "**/dist/**", "**/*.hatchet.test.ts"],
				// One import of the heavy libraries per worker instead of one per file.
				isolate: name === "frontend",
				testTimeout: name === "e2e" ? 180_000 : 20_000,
				hookTimeout: 60_000,
				...(name === "e2e" ? { fileParallelism: false, sequence: { groupOrder: 1 } } : {}),
			},
		})),
	},
});
