import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@agentplanner/db/embedded";
import { createTemplateDatabase } from "@agentplanner/db/testing";
import type { TestProject } from "vitest/node";

const freePort = () =>
	new Promise<number>((resolve, reject) => {
		const server = createServer();
		server.on("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
		});
	});

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
