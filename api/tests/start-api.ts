import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adapterLabel } from "@agentplanner/adapters";
import type { Project, Session } from "@agentplanner/contracts";
import { type Context, createKeys, openDatabase, startStamper } from "@agentplanner/core";
import { createTestDatabase } from "@agentplanner/db/testing";
import { type Config, loadConfig } from "../src/config.ts";
import { createLogger } from "../src/logger.ts";
import { startServer } from "../src/server.ts";
import { checkResponse } from "./check-response.ts";

export const testOrigin = "http://planner.test";

// biome-ignore lint/suspicious/noExplicitAny: tests read what came over the wire; the contract's types would only hide a mistake in it.
export type Json = any;

export type Reply<Body = Json> = { status: number; headers: Headers; body: Body };

export type CallOptions = { body?: unknown; headers?: Record<string, string> };

/** One HTTP caller: keeps the cookie it was given, sends the CSRF token it learned, and checks every answer against the OpenAPI document. */
export type Caller = {
	call<Body = Json>(method: string, path: string, options?: CallOptions): Promise<Reply<Body>>;
	session: Session | null;
	cookie: string | null;
};

export const createCaller = (url: string): Caller => {
	const caller: Caller = {
		session: null,
		cookie: null,
		call: async (method, path, { body, headers = {} } = {}) => {
			const response = await fetch(`${url}${path}`, {
				method,
				headers: {
					...(caller.cookie ? { cookie: caller.cookie } : {}),
					...(caller.session ? { "x-csrf-token": caller.session.csrf_token } : {}),
					...(body === undefined ? {} : { "content-type": "application/json" }),
					...headers,
				},
				...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
			});
			const [cookie] = response.headers.getSetCookie();
			if (cookie) caller.cookie = cookie.split(";")[0] ?? null;
			const text = await response.text();
			const isJson = /json/.test(response.headers.get("content-type") ?? "");
			const reply = { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
			checkResponse(method, path, reply);
			return reply;
		},
	};
	return caller;
};

export type TestApi = Awaited<ReturnType<typeof startApi>>;

/** The real app on a free loopback port, over a database of its own, with a stamper beside it as in production. */
export const startApi = async ({ env = {}, databaseUrl }: { env?: Record<string, string>; databaseUrl?: string } = {}) => {
	const database = await createTestDatabase();
	const frontendDir = mkdtempSync(join(tmpdir(), "agentplanner-frontend-"));
	mkdirSync(join(frontendDir, "assets"));
	writeFileSync(join(frontendDir, "index.html"), "<!doctype html><title>AgentPlanner</title>");
	writeFileSync(join(frontendDir, "assets", "app-1a2b3c.js"), "console.log(1)");
	const config: Config = loadConfig({
		DATABASE_URL: databaseUrl ?? database.url,
		ENCRYPTION_KEY: randomBytes(32).toString("base64"),
		PORT: "0",
		PUBLIC_URL: testOrigin,
		SIGNUP: "open",
		LOG_LEVEL: "error",
		FRONTEND_DIR: frontendDir,
		...env,
	});
	const logged: string[] = [];
	const log = createLogger(config.logLevel, { write: (line: string) => void logged.push(line) });
	const db = openDatabase({ url: config.databaseUrl, name: "test-api", onError: () => {} });
	const stamper = databaseUrl ? null : startStamper({ url: database.url, db, name: "test-api", onError: () => {} });
	const server = await startServer({ config, db, log });
	const url = `http://127.0.0.1:${server.port}`;
	const keys = createKeys(config.encryptionKey);
	const core: Context = {
		db: database.db.orm,
		actor: { type: "system", name: "test" },
		requestId: null,
		traceId: null,
		now: () => new Date(),
		keys,
		adapterLabel,
	};

	const signUp = async (name = "Ada"): Promise<Caller & { session: Session }> => {
		const caller = createCaller(url);
		const reply = await caller.call("POST", "/api/v1/auth/register", {
			body: { email: `${name.toLowerCase()}-${randomUUID()}@example.org`, name, password: "correct horse battery" },
		});
		if (reply.status !== 201) throw new Error(`Sign-up failed: ${JSON.stringify(reply.body)}`);
		caller.session = reply.body;
		return caller as Caller & { session: Session };
	};

	return {
		url,
		config,
		database,
		db: database.db,
		core,
		keys,
		logged,
		caller: () => createCaller(url),
		signUp,
		/** A new account with a project of its own. */
		owner: async (name = "Ada") => {
			const caller = await signUp(name);
			const { body: project } = await caller.call<Project>("POST", "/api/v1/projects", { body: { name: `${name}'s project` } });
			return { ...caller, caller, project, base: `/api/v1/projects/${project.id}` };
		},
		close: async () => {
			await server.close();
			await stamper?.close();
			await db.close();
			await database.drop();
			rmSync(frontendDir, { recursive: true, force: true });
		},
	};
};

export type Owner = Awaited<ReturnType<TestApi["owner"]>>;

/** A plan with one task in the owner's project, and an agent reached by a webhook. */
export const furnish = async ({ call, base }: Owner) => {
	const name = `Echo ${randomUUID()}`;
	const plan = (await call("POST", `${base}/plans`, { body: { title: "Launch" } })).body;
	const node = (await call("POST", `${base}/plans/${plan.id}/nodes`, { body: { title: "Write the announcement" } })).body;
	const integration = (
		await call("POST", `${base}/integrations`, {
			body: { adapter: "webhook", name, settings: { url: "https://agent.example.org/" } },
		})
	).body;
	const agent = (await call("POST", `${base}/agents`, { body: { name } })).body;
	const routes = await call("PUT", `${base}/agents/${agent.id}/routes`, { body: { routes: [{ integration_id: integration.id }] } });
	if (routes.status !== 200)
		throw new Error(`The project could not be furnished: ${JSON.stringify([plan, node, integration, agent, routes.body])}`);
	return { plan, node, integration, agent };
};
