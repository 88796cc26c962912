import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@agentplanner/db/embedded";
import { createTemplateDatabase } from "@agentplanner/db/testing";
import type { TestProject } from "vitest/node";
import { freePort } from "./start/ports.ts";

/** One PostgreSQL per test run, in a temporary folder, with the migrated template that test files clone. */
export default async (project: TestProject) => {
	const folder = mkdtempSync(join(tmpdir(), "agentplanner-test-"));
	chmodSync(folder, 0o755);
	const postgres = await startEmbeddedPostgres({ folder, port: await freePort(), maxConnections: 400 });
	const serverUrl = (await postgres.url("postgres")).replace(/\/postgres$/, "");
	await createTemplateDatabase(serverUrl);
	project.provide("postgresUrl", serverUrl);
	return async () => {
		await postgres.stop();
		rmSync(folder, { recursive: true, force: true });
	};
};
