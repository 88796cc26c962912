import { openDatabase } from "@agentplanner/core";
import { testEncryptionKey } from "@agentplanner/core/testing";
import { expect } from "vitest";
import { loadConfig } from "../../api/src/config.ts";
import { startServer } from "../../api/src/server.ts";
import { silent } from "./harness.ts";

type Said = { headers: Record<string, string>; body: string };

/** The api beside the worker, where platforms post to. */
export const openIngress = async (databaseUrl: string, adapter: string) => {
	const config = loadConfig({ DATABASE_URL: databaseUrl, ENCRYPTION_KEY: testEncryptionKey, PORT: "0", PUBLIC_URL: "http://planner.test" });
	const db = openDatabase({ url: config.databaseUrl, name: "test-api", onError: () => {} });
	const server = await startServer({ config, db, log: silent });
	return {
		/** A platform's post, and what comes back within the three seconds that it waits. */
		post: async (integrationId: string, { headers, body }: Said, more: Record<string, string> = {}) => {
			const began = performance.now();
			const url = `http://127.0.0.1:${server.port}/ingress/${adapter}/${integrationId}`;
			const response = await fetch(url, { method: "POST", headers: { ...headers, ...more }, body });
			expect(performance.now() - began).toBeLessThan(3_000);
			const said = await response.text();
			return { status: response.status, body: said === "" ? null : JSON.parse(said) };
		},
		close: async () => {
			await server.close();
			await db.close();
		},
	};
};
export type Ingress = Awaited<ReturnType<typeof openIngress>>;
