import { apiContract } from "@agentplanner/contracts";
import { testEncryptionKey } from "@agentplanner/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agents } from "./access-walk/agents.ts";
import { assignments } from "./access-walk/assignments.ts";
import { audit } from "./access-walk/audit.ts";
import { auth } from "./access-walk/auth.ts";
import { buildCallers } from "./access-walk/callers.ts";
import { claims } from "./access-walk/claims.ts";
import { comments } from "./access-walk/comments.ts";
import { deadLetters } from "./access-walk/dead-letters.ts";
import { decisions } from "./access-walk/decisions.ts";
import { deliveries } from "./access-walk/deliveries.ts";
import { dependencies } from "./access-walk/dependencies.ts";
import { documents } from "./access-walk/documents.ts";
import { events } from "./access-walk/events.ts";
import { goals } from "./access-walk/goals.ts";
import { health } from "./access-walk/health.ts";
import { integrations } from "./access-walk/integrations.ts";
import type { Caller, Line, Lines } from "./access-walk/line.ts";
import { logs } from "./access-walk/logs.ts";
import { members } from "./access-walk/members.ts";
import { messages } from "./access-walk/messages.ts";
import { nodes } from "./access-walk/nodes.ts";
import { plans } from "./access-walk/plans.ts";
import { projects } from "./access-walk/projects.ts";
import { type Route, refusal } from "./access-walk/refusal.ts";
import { requests } from "./access-walk/requests.ts";
import { routes } from "./access-walk/routes.ts";
import { buildScene, openSession, type Scene } from "./access-walk/scene.ts";
import { sharing } from "./access-walk/sharing.ts";
import { subscriptions } from "./access-walk/subscriptions.ts";
import { timelines } from "./access-walk/timelines.ts";
import { tokens } from "./access-walk/tokens.ts";
import { type Json, startApi, type TestApi } from "./start-api.ts";

/*
 * Every endpoint of the contract × everybody who might call it. The allowed succeed; the others get the 401, 403 or 404 that they
 * should, and no row changes. An endpoint without a line fails.
 */

const areas: { [Area in keyof typeof apiContract]: Lines<Area> } = {
	auth,
	projects,
	members,
	tokens,
	plans,
	nodes,
	sharing,
	dependencies,
	documents,
	goals,
	comments,
	logs,
	timelines,
	agents,
	assignments,
	claims,
	routes,
	integrations,
	requests,
	decisions,
	messages,
	deliveries,
	deadLetters,
	events,
	subscriptions,
	audit,
	health,
};

const lines: Record<string, Line> = Object.fromEntries(
	Object.entries(areas).flatMap(([area, ofArea]) => Object.entries(ofArea).map(([name, line]) => [`${area}.${name}`, line])),
);

const endpoints = Object.entries(apiContract).flatMap(([feature, contracts]) =>
	Object.entries(contracts).map(([name, contract]) => ({
		name: `${feature}.${name}`,
		route: (contract as Json)["~orpc"].route as Route,
	})),
);

let api: TestApi;
let scene: Scene;
let callers: Caller[];
beforeAll(async () => {
	api = await startApi({ env: { ENCRYPTION_KEY: testEncryptionKey, GITHUB_CLIENT_ID: "walked", GITHUB_CLIENT_SECRET: "walked" } });
	scene = await buildScene(api);
	callers = await buildCallers(scene);
}, 120_000);
afterAll(() => api.close());

/** A digest of every table; without what the stamper adds, and without when a token was used or an agent heard of last. */
const snapshot = async () => {
	const { rows } = await api.db.pool.query<{ name: string }>(
		"select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'agent_heartbeats' order by 1",
	);
	const without = (name: string) =>
		name === "events" || name === "audit_logs" ? " - 'position' - 'hash'" : name === "api_tokens" ? " - 'last_used_at'" : "";
	const digests = rows.map(
		({ name }) =>
			`select '${name}' as name, count(*)::int as rows, md5(coalesce(string_agg(line, '' order by line), '')) as digest
			from (select (to_jsonb(t)${without(name)})::text as line from "${name}" t) as lines`,
	);
	return (await api.db.pool.query(`${digests.join(" union all ")} order by name`)).rows;
};

test("every endpoint has its line, and every line its endpoint", () => {
	expect(Object.keys(lines).sort()).toEqual(endpoints.map(({ name }) => name).sort());
});

test("the OpenAPI document says which endpoints take an API token", async () => {
	const { body: document } = await api.caller().call("GET", "/api/openapi.json");
	for (const { name, route } of endpoints) {
		const { scope, least, agentsAlone } = lines[name] as Line;
		const security: Json[] = document.paths[route.path][route.method.toLowerCase()].security;
		expect([name, security.some((scheme) => "apiKey" in scheme)]).toEqual([
			name,
			scope !== null || least === "known" || agentsAlone === true,
		]);
	}
});

describe.each(endpoints)("$name", ({ name, route }) => {
	test("lets in whom it should, and nobody else changes anything", { timeout: 120_000 }, async () => {
		const line = lines[name] as Line;
		const calls = [];
		for (const caller of callers) {
			const prepared = (await line.prepare?.(scene, caller)) ?? {};
			const params = { ...scene.params, ...prepared.params };
			const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => params[key] ?? "missing");
			const options = { headers: await caller.headers(line, params), body: prepared.body };
			const call = () => api.caller().call(route.method, `/api/v1${path}`, options);
			calls.push({ caller: caller.name, refused: refusal(line, route, caller.name), call });
		}

		const before = await snapshot();
		const outcomes: Record<string, number | null> = {};
		const details: Record<string, unknown> = {};
		for (const { caller, call } of calls.filter(({ refused }) => refused !== null)) {
			const reply = await call();
			outcomes[caller] = reply.status;
			details[caller] = reply.body;
		}
		expect(await snapshot()).toEqual(before);

		for (const { caller, call } of calls.filter(({ refused }) => refused === null)) {
			const reply = await call();
			outcomes[caller] = reply.status === route.successStatus ? null : reply.status;
			details[caller] = reply.body;
		}
		expect(outcomes, JSON.stringify(details)).toEqual(Object.fromEntries(calls.map(({ caller, refused }) => [caller, refused])));
	});
});

test("without its CSRF token a session gets no JWT, and is no hindrance to e-mail and password", async () => {
	const { cookie } = (await openSession(api, scene.owner.actor.type === "user" ? scene.owner.actor.userId : "")).headers;
	const ask = (body?: unknown) => api.caller().call("POST", "/api/v1/auth/token", { headers: { cookie }, body });
	expect(await ask()).toMatchObject({ status: 401, body: { code: "unauthorized" } });
	expect(await ask({ ...scene.account, password: "wrong" })).toMatchObject({ status: 401 });
	const { access_token } = (await ask(scene.account)).body;
	const session = await api.caller().call("GET", "/api/v1/auth/session", { headers: { authorization: `Bearer ${access_token}` } });
	expect(session.body.user.email).toBe(scene.account.email);
});
