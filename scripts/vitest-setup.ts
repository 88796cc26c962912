import { createTemplateDatabase } from "@agentplanner/db/testing";
import type { TestProject } from "vitest/node";
import { openRunFolder } from "./testing/run-folder.ts";

/** One PostgreSQL per test run, in the run's own temporary folder, with the migrated template that test files clone. */
export default async (project: TestProject) => {
	const run = openRunFolder();
	const serverUrl = (await run.startPostgres()).replace(/\/postgres$/, "");
	await createTemplateDatabase(serverUrl);
	project.provide("postgresUrl", serverUrl);
	return () => run[Symbol.asyncDispose]();
};
