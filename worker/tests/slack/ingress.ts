import { openDatabase } from "@agentplanner/core";
import { testEncryptionKey } from "@agentplanner/core/testing";
import { expect } from "vitest";
import type { SlackPost } from "../../../adapters/tests/slack/posts.ts";
import { loadConfig } from "../../../api/src/config.ts";
import { startServer } from "../../../api/src/server.ts";
import { silent } from "../harness.ts";

/** The api beside the worker, where Slack posts to. */
export const openIngress = async (databaseUrl: string) => {
	const config = loadConfig({ DATABASE_URL: databaseUrl, ENCRYPTION_KEY: testEncryptionKey, PORT: "0", PUBLIC_URL: "http://planner.test" });
	const db = openDatabase({ url: config.databaseUrl, name: "test-api", onError: () => {} });
	const server = await startServer({ config, db, log: silent });
	return {
		/** Slack's post, and what comes back within its three seconds. */
		post: async (integrationId: string, { headers, body }: Pick<SlackPost, "headers" | "body">, more: Record<string, string> = {}) => {
			const began = performance.now();
			const url = `http://127.0.0.1:${server.port}/ingress/slack/${integrationId}`;
			const response = await fetch(url, { method: "POST", headers: { ...headers, ...more }, body });
			expect(performance.now() - began).toBeLessThan(3_000);
			return { status: response.status, body: await response.json() };
		},
		close: async () => {
			await server.close();
			await db.close();
		},
	};
};
export type Ingress = Awaited<ReturnType<typeof openIngress>>;
