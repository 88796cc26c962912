import { randomUUID } from "node:crypto";
import { agentScopes, apiContract, RespondInput, type Role, roles, type Scope, scopes } from "@agentplanner/contracts";
import {
	createAccessToken,
	createInvitation,
	createPlan,
	createReplyToken,
	createRequest,
	createToken,
	deletePlan,
	type ProjectContext,
	respondToRequest,
} from "@agentplanner/core";
import {
	buildAgent,
	buildContext,
	buildIntegration,
	buildMember,
	buildNode,
	buildProject,
	buildUser,
	someContent,
	testEncryptionKey,
	testKeys,
} from "@agentplanner/core/testing";
import {
	agentRequests,
	agentResponses,
	apiTokens,
	eq,
	linkedAccounts,
	messageDeliveries,
	messagingIntegrations,
	sql,
	userSessions,
	users,
} from "@agentplanner/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashSecret } from "../../core/src/secret.ts";
import { createLinkToken } from "../../core/src/users/link-token.ts";
import { type Json, startApi, type TestApi } from "./start-api.ts";

/*
 * Every endpoint of the contract × everybody who might call it. The allowed succeed; the others get the 401, 403 or 404 that they
 * should, and no row changes. An endpoint without a line fails.
 */

const password = "correct horse battery";

type Prepared = { params?: Record<string, string>; body?: unknown };
type Line = {
	/** Who may: the least role in the project; `account`: anybody signed in; `known`: tokens too; `anyone`: also nobody. */
	least: Role | "account" | "known" | "anyone";
	/** With which scope a token may; null: never. */
	scope: Scope | null;
	/** A reply token may, for its own request. */
	byReplyToken?: true;
	/** Of agents' own tokens that agent's alone may, which the call is about: to another one it doesn't exist. */
	ofOneAgent?: true;
	/** What a member with a smaller role gets, where it isn't 403. */
	tooSmall?: number;
	/** Names the scene's plan in its body, which doesn't exist for a guest. */
	asksAboutPlan?: true;
	/** Input that works once; made anew for each caller. */
	prepare?: (scene: Scene, caller: Caller) => Prepared | Promise<Prepared>;
};

const read = (scope: Scope | null, prepare?: Line["prepare"]): Line => ({ least: "viewer", scope, ...(prepare ? { prepare } : {}) });
const write = (least: Role, scope: Scope | null, prepare?: Line["prepare"]): Line => ({ least, scope, ...(prepare ? { prepare } : {}) });
/** What a guest may read, too: only what is shared with them, which is none of the scene. */
const list = (scope: Scope | null): Line => ({ least: "guest", scope });
const body = (value: unknown) => () => ({ body: value });
const email = () => `walk-${randomUUID()}@example.org`;
const freshPlan = (owner: ProjectContext) => createPlan(owner, { title: "Fresh", description: "" });
const freshMember = async (scene: Scene) => {
	const { actor } = await buildMember(scene.api.db, scene.owner.projectId, "viewer");
	return actor.type === "user" ? actor.userId : "";
};

/** What the caller gets who presses something on a platform, in a project that they are in. */
const linkFor = async ({ api }: Scene, { email }: Caller): Promise<Prepared> => {
	const ctx = await buildProject(api.db, "Of a link");
	await api.db.pool.query("insert into project_members (project_id, user_id, role) select $1, id, 'viewer' from users where email = $2", [
		ctx.projectId,
		email,
	]);
	const externalAccount = randomUUID();
	const { id: integrationId } = await buildIntegration(api.db, ctx.projectId, undefined, { externalAccount });
	return { body: { token: await createLinkToken(ctx, { integrationId, externalAccount, externalUserId: "U1", name: "Ada" }) } };
};

const lines: Record<string, Line> = {
	"auth.register": { least: "anyone", scope: null, prepare: () => ({ body: { email: email(), name: "New", password } }) },
	"auth.login": { least: "anyone", scope: null, prepare: ({ account }) => ({ body: account }) },
	"auth.createAccessToken": { least: "anyone", scope: null, prepare: ({ account }) => ({ body: account }) },
	"auth.logout": { least: "account", scope: null },
	"auth.getSession": { least: "account", scope: null },
	"auth.getMethods": { least: "anyone", scope: null },
	"auth.changePassword": {
		least: "account",
		scope: null,
		// The walk's people have no password yet, and each sets one once.
		prepare: async ({ api }, { email }) => {
			await api.db.orm
				.update(users)
				.set({ passwordHash: null })
				.where(eq(users.email, email ?? ""));
			return { body: { new_password: password } };
		},
	},
	"auth.listSessions": { least: "account", scope: null },
	"auth.endSession": {
		least: "account",
		scope: null,
		prepare: async ({ api, owner }, { email }) => {
			const [user] = await api.db.orm
				.select()
				.from(users)
				.where(eq(users.email, email ?? ""));
			const ownerId = owner.actor.type === "user" ? owner.actor.userId : "";
			return { params: { sessionId: (await openSession(api, user?.id ?? ownerId)).id } };
		},
	},
	"auth.listLinkedAccounts": { least: "account", scope: null },
	"auth.previewLink": { least: "account", scope: null, prepare: (scene, caller) => linkFor(scene, caller) },
	"auth.linkAccount": { least: "account", scope: null, prepare: (scene, caller) => linkFor(scene, caller) },
	"auth.startLinking": { least: "account", scope: null },
	"auth.unlinkAccount": {
		least: "account",
		scope: null,
		prepare: async ({ api, owner }, { email }) => {
			const [user] = await api.db.orm
				.select()
				.from(users)
				.where(eq(users.email, email ?? ""));
			const ownerId = owner.actor.type === "user" ? owner.actor.userId : "";
			const person = { provider: "telegraph", externalAccount: randomUUID(), externalUserId: randomUUID(), name: "Ada" };
			const [made] = await api.db.orm
				.insert(linkedAccounts)
				.values({ userId: user?.id ?? ownerId, ...person })
				.returning();
			return { params: { linkedAccountId: made?.id ?? "" } };
		},
	},
	"projects.createProject": { least: "account", scope: null, prepare: body({ name: "New" }) },
	"projects.listProjects": { least: "account", scope: null },
	"projects.getProject": list("project:read"),
	"projects.selectProject": list(null),
	"projects.updateProject": write("admin", null, () => ({ body: { name: randomUUID() } })),
	"members.listMembers": read(null),
	"members.addMember": write("admin", null, async ({ api }) => ({
		body: { email: (await buildUser(api.db)).email, role: "viewer" },
	})),
	"members.changeMember": write("admin", null, async (scene) => ({
		params: { userId: await freshMember(scene) },
		body: { role: "editor" },
	})),
	"members.removeMember": write("admin", null, async (scene) => ({ params: { userId: await freshMember(scene) } })),
	"members.createInvitation": write("admin", null, () => ({ body: { email: email(), role: "viewer" } })),
	"members.listInvitations": write("admin", null),
	"members.revokeInvitation": write("admin", null, async ({ owner }) => ({
		params: { invitationId: (await createInvitation(owner, { email: email(), role: "viewer" })).id },
	})),
	"members.acceptInvitation": {
		least: "account",
		scope: null,
		prepare: async ({ api }, caller) => {
			const elsewhere = await buildProject(api.db, "Elsewhere");
			return { body: { token: (await createInvitation(elsewhere, { email: caller.email ?? email(), role: "viewer" })).token } };
		},
	},
	"members.previewInvitation": {
		least: "anyone",
		scope: null,
		prepare: async ({ owner }) => ({ body: { token: (await createInvitation(owner, { email: email(), role: "viewer" })).token } }),
	},
	"tokens.createToken": read(null, body({ name: "CI", scopes: ["plans:read"] })),
	"tokens.listTokens": read(null),
	"tokens.revokeToken": {
		...write("admin", null, async ({ owner }) => ({
			params: { tokenId: (await createToken(owner, { name: "CI", scopes: ["plans:read"] })).id },
		})),
		tooSmall: 404,
	},
	"plans.createPlan": write("editor", "plans:write", body({ title: "New" })),
	"plans.listPlans": list("plans:read"),
	"plans.getPlanTree": read("plans:read"),
	"plans.updatePlan": write("editor", "plans:write", () => ({ body: { title: randomUUID() } })),
	"plans.duplicatePlan": write("editor", "plans:write", body({})),
	"plans.deletePlan": write("admin", null, async ({ owner }) => ({ params: { planId: (await freshPlan(owner)).id } })),
	"plans.restorePlan": write("admin", null, async ({ owner }) => {
		const { id: planId } = await freshPlan(owner);
		await deletePlan(owner, planId, null);
		return { params: { planId } };
	}),
	"plans.createNode": write("editor", "plans:write", body({ title: "New" })),
	"plans.getNode": read("plans:read"),
	"plans.updateNode": write("editor", "plans:write", () => ({ body: { title: randomUUID() } })),
	"plans.moveNode": write("editor", "plans:write", async ({ api, owner, params: { planId = "" } }) => ({
		params: { nodeId: (await buildNode(api.db, owner.projectId, { planId, position: "a5" })).id },
		body: { parent_id: null, after_id: null },
	})),
	"plans.setNodeStatus": write("editor", "plans:write", body({ status: "blocked" })),
	"agents.createAgent": write("editor", "agents:write", () => ({ body: { name: randomUUID() } })),
	"agents.listAgents": read("agents:read"),
	"agents.getAgent": read("agents:read"),
	"agents.updateAgent": write("editor", "agents:write", () => ({ body: { name: randomUUID() } })),
	"routes.getAgentRoutes": read("routes:read"),
	"routes.setAgentRoutes": write("admin", "routes:write", body({ routes: [] })),
	"routes.getPlanRoutes": read("routes:read"),
	"routes.setPlanRoutes": write("admin", "routes:write", body({ routes: [] })),
	"routes.getProjectRoutes": read("routes:read"),
	"routes.setProjectRoutes": write("admin", "routes:write", body({ routes: [] })),
	"integrations.listAdapters": { least: "known", scope: null },
	"integrations.createIntegration": write("admin", "integrations:write", () => ({
		body: { adapter: "webhook", name: randomUUID(), settings: { url: "https://agent.example.org/" } },
	})),
	"integrations.listIntegrations": read("integrations:read"),
	"integrations.getIntegration": read("integrations:read"),
	"integrations.updateIntegration": write("admin", "integrations:write", () => ({ body: { name: randomUUID() } })),
	"integrations.testIntegration": write("admin", "integrations:write"),
	"integrations.disableIntegration": write("admin", "integrations:write"),
	"integrations.enableIntegration": write("admin", "integrations:write"),
	"requests.createRequest": write("editor", "requests:create", ({ nodeId }) => ({ body: { node_id: nodeId, question: "Ready?" } })),
	"requests.previewRequest": { ...read("plans:read", ({ nodeId }) => ({ body: { node_id: nodeId } })), asksAboutPlan: true },
	"requests.listRequests": list("requests:read"),
	"requests.getRequest": read("requests:read"),
	"requests.cancelRequest": write("editor", "requests:cancel", (scene) => freshRequest(scene)),
	"requests.respondToRequest": {
		...write("editor", "requests:answer", async (scene) => ({ ...(await freshRequest(scene)), body: { type: "answer", text: "Yes" } })),
		byReplyToken: true,
	},
	"requests.acknowledgeRequest": { ...write("editor", "requests:answer", (scene) => freshRequest(scene)), byReplyToken: true },
	"requests.reportProgress": {
		...write("editor", "requests:answer", async (scene) => ({ ...(await freshRequest(scene)), body: { text: "Half" } })),
		byReplyToken: true,
	},
	"requests.replyToAgent": write("editor", "requests:create", async (scene) => {
		const { params } = await freshRequest(scene);
		await scene.api.db.orm.update(agentRequests).set({ status: "input_required" }).where(eq(agentRequests.id, params.requestId));
		await scene.api.db.orm.insert(agentResponses).values({
			projectId: scene.owner.projectId,
			agentRequestId: params.requestId,
			deliveryId: params.deliveryId,
			agentId: scene.agentId,
			respondent: `agent:${scene.agentId}`,
			respondentName: "Agent",
			kind: "input_required",
			text: "Which?",
			externalId: randomUUID(),
			outcome: "accepted",
			appliedAt: new Date(),
		});
		return { params, body: { text: "This one" } };
	}),
	"decisions.createDecision": {
		...write("editor", "decisions:create", async (scene) => {
			const { requestId } = (await freshRequest(scene)).params;
			return { body: { node_id: scene.nodeId, agent_request_id: requestId, question: "Ship it?" } };
		}),
		ofOneAgent: true,
	},
	"decisions.listDecisions": list("decisions:read"),
	"decisions.getDecision": { ...read("decisions:read", async (scene) => freshDecision(scene)), ofOneAgent: true },
	"decisions.decide": write("editor", "decisions:decide", async (scene) => ({
		...(await freshDecision(scene)),
		body: { option_id: "approve" },
	})),
	"decisions.cancelDecision": write("editor", "decisions:cancel", (scene) => freshDecision(scene)),
	"messages.sendMessage": write("editor", "messages:send", ({ integrationId }) => ({
		body: { to: { integration_id: integrationId }, text: "The fair is on Friday." },
	})),
	"deliveries.listDeliveries": list("deliveries:read"),
	"deliveries.getDelivery": read("deliveries:read"),
	"deliveries.retryDelivery": write("editor", "deliveries:retry", async (scene) => {
		const { params } = await freshRequest(scene);
		await scene.api.db.orm.update(messageDeliveries).set({ status: "dead" }).where(eq(messageDeliveries.id, params.deliveryId));
		// The walk has disabled it.
		await scene.api.db.orm.update(messagingIntegrations).set({ enabled: true }).where(eq(messagingIntegrations.id, scene.integrationId));
		return { params };
	}),
	"events.listEvents": read("events:read"),
	"audit.listAudit": write("admin", null),
};

type Furniture = { api: TestApi; owner: ProjectContext; nodeId: string; agentId: string; integrationId: string };

/** An open request that was delivered to the scene's agent. */
const freshRequest = async ({ api, owner, nodeId, agentId, integrationId }: Furniture) => {
	const { projectId } = owner;
	const { id: requestId } = await createRequest(owner, {
		node_id: nodeId,
		question: "Ready?",
		targets: [],
		answer_policy: { kind: "first" },
	});
	const [delivery] = await api.db.orm
		.insert(messageDeliveries)
		.values({
			projectId,
			integrationId,
			agentId,
			agentRequestId: requestId,
			kind: "request",
			content: someContent,
			status: "delivered",
		})
		.returning({ id: messageDeliveries.id });
	await api.db.orm.update(agentRequests).set({ status: "dispatched" }).where(eq(agentRequests.id, requestId));
	return { params: { requestId, deliveryId: delivery?.id ?? "" } };
};

/** A pending decision that the scene's agent asked for. */
const freshDecision = async (scene: Furniture) => {
	const { requestId, deliveryId } = (await freshRequest(scene)).params;
	const actor = { type: "agent" as const, agentId: scene.agentId, agentRequestId: requestId, deliveryId, name: "Agent" };
	const input = RespondInput.parse({ type: "decision_required", text: "Ship it?" });
	const { decision_id } = await respondToRequest({ ...scene.owner, actor }, requestId, input);
	return { params: { decisionId: decision_id ?? "" } };
};

const buildScene = async (api: TestApi) => {
	const owner = await buildProject(api.db, "Walked");
	const { projectId } = owner;
	const node = await buildNode(api.db, projectId);
	const agent = await buildAgent(api.db, projectId);
	const integration = await buildIntegration(api.db, projectId);
	const account = { email: email(), password };
	const made = await api.caller().call("POST", "/api/v1/auth/register", { body: { ...account, name: "Account" } });
	if (made.status !== 201) throw new Error(JSON.stringify(made.body));
	const scene = { api, owner, nodeId: node.id, agentId: agent.id, integrationId: integration.id };
	const { params } = await freshRequest(scene);
	const ids = { projectId, planId: node.planId, nodeId: node.id, agentId: agent.id, integrationId: integration.id };
	return { ...scene, account, params: { ...ids, ...params } as Record<string, string> };
};
type Scene = Awaited<ReturnType<typeof buildScene>>;

/** Sent with one call; made anew for each, since a call may end its session. */
type Caller = { name: string; email: string | null; headers(line: Line, params: Record<string, string>): Promise<Record<string, string>> };

const openSession = async (api: TestApi, userId: string) => {
	const [token, csrf] = [randomUUID(), randomUUID()];
	const [session] = await api.db.orm
		.insert(userSessions)
		.values({ userId, tokenHash: hashSecret(token), csrfToken: csrf, expiresAt: sql`now() + interval '1 hour'` })
		.returning();
	return { id: session?.id ?? "", headers: { cookie: `sid=${token}`, "x-csrf-token": csrf } };
};

const emailOf = async (api: TestApi, userId: string) =>
	(await api.db.pool.query<{ email: string }>("select email from users where id = $1", [userId])).rows[0]?.email ?? null;

const buildCallers = async (scene: Scene): Promise<Caller[]> => {
	const { api, owner, agentId } = scene;
	const userOf = ({ actor }: Pick<ProjectContext, "actor">) => (actor.type === "user" ? actor.userId : "");
	const users: Record<string, string> = {
		owner: userOf(owner),
		admin: userOf(await buildMember(api.db, owner.projectId, "admin")),
		editor: userOf(await buildMember(api.db, owner.projectId, "editor")),
		viewer: userOf(await buildMember(api.db, owner.projectId, "viewer")),
		guest: userOf(await buildMember(api.db, owner.projectId, "guest")),
		"owner of another project": userOf(await buildProject(api.db, "Other")),
		stranger: (await buildUser(api.db, "Stranger")).id,
	};
	const people = await Promise.all(
		Object.entries(users).map(
			async ([name, userId]): Promise<Caller> => ({
				name,
				email: await emailOf(api, userId),
				headers: async () => (await openSession(api, userId)).headers,
			}),
		),
	);
	// Another one, since a call may end the sessions of whoever calls.
	const jwtUserId = userOf(await buildMember(api.db, owner.projectId, "owner"));
	const jwt: Caller = {
		name: "JWT of an owner",
		email: await emailOf(api, jwtUserId),
		headers: async () => {
			const { id } = await openSession(api, jwtUserId);
			const actor = { type: "user" as const, userId: jwtUserId, sessionId: id, name: "owner" };
			return { authorization: `Bearer ${(await createAccessToken(buildContext(api.db, actor))).access_token}` };
		},
	};
	const token = (name: string, make: (line: Line) => Promise<string>, header = "x-api-key"): Caller => ({
		name,
		email: null,
		headers: async (line) => ({ [header]: `${header === "authorization" ? "Bearer " : ""}${await make(line)}` }),
	});
	const make = async (granted: readonly Scope[], change: Partial<typeof apiTokens.$inferInsert> = {}) => {
		const made = await createToken(owner, { name: "CI", scopes: [...granted] });
		if (Object.keys(change).length > 0) await api.db.orm.update(apiTokens).set(change).where(eq(apiTokens.id, made.id));
		return made.token;
	};
	const viewerId = userOf(await buildMember(api.db, owner.projectId, "viewer"));
	const { params: otherRequest } = await freshRequest(scene);
	const otherAgent = await buildAgent(api.db, owner.projectId);
	const ofAgent = (name: string, agent_id: string) =>
		token(name, async () => (await createToken(owner, { name: "Agent", agent_id, scopes: [...agentScopes] })).token);
	return [
		...people,
		jwt,
		{
			name: "session without its CSRF token",
			email: users.owner === undefined ? null : await emailOf(api, users.owner),
			headers: async () => {
				const { cookie } = (await openSession(api, users.owner ?? "")).headers;
				return { cookie };
			},
		},
		{ name: "anonymous", email: null, headers: async () => ({}) },
		token("token with the scope", ({ scope }) => make(scope ? [scope] : scopes), "authorization"),
		token("token without the scope", ({ scope }) => make(scopes.filter((one) => one !== scope))),
		token("revoked token", () => make(scopes, { revokedAt: new Date() })),
		token("expired token", () => make(scopes, { expiresAt: new Date(Date.now() - 1_000) })),
		token("viewer's token with the scope", ({ scope }) => make(scope ? [scope] : scopes, { userId: viewerId })),
		ofAgent("token of the agent", agentId),
		ofAgent("token of another agent", otherAgent.id),
		{
			name: "reply token",
			email: null,
			headers: async (_, { deliveryId = "" }) => ({ authorization: `Bearer ${createReplyToken(testKeys, deliveryId)}` }),
		},
		{
			name: "reply token of another request",
			email: null,
			headers: async () => ({ authorization: `Bearer ${createReplyToken(testKeys, otherRequest.deliveryId)}` }),
		},
	];
};

type Route = { method: string; path: string; successStatus: number };

const isInPlan = /\{(planId|nodeId|requestId|decisionId|deliveryId)\}/;

/** The status that this caller must get; null: success. */
const refusal = (
	{ least, scope, byReplyToken, ofOneAgent, tooSmall = 403, asksAboutPlan }: Line,
	{ method, path }: Route,
	caller: string,
): number | null => {
	const isAgents = scope !== null && (agentScopes as readonly Scope[]).includes(scope);
	switch (caller) {
		case "revoked token":
		case "expired token":
			return 401;
		case "reply token":
			return byReplyToken ? null : 401;
		case "reply token of another request":
			return 401;
		case "session without its CSRF token":
			return least === "anyone" || method === "GET" ? null : 403;
		case "anonymous":
			return least === "anyone" ? null : 401;
		case "token with the scope":
			return scope || least === "anyone" || least === "known" ? null : 403;
		case "viewer's token with the scope":
			return (scope && (least === "viewer" || least === "guest")) || least === "anyone" || least === "known" ? null : 403;
		case "token without the scope":
			return least === "anyone" || least === "known" ? null : 403;
		case "token of the agent":
			return isAgents || least === "anyone" || least === "known" ? null : 403;
		case "token of another agent":
			if (isAgents && (ofOneAgent || path.includes("{requestId}"))) return 404;
			return isAgents || least === "anyone" || least === "known" ? null : 403;
	}
	if (least === "anyone" || least === "account" || least === "known") return null;
	if (caller === "JWT of an owner") return null;
	if (caller === "guest" && least === "viewer" && (asksAboutPlan || isInPlan.test(path))) return 404;
	const rank = (roles as readonly string[]).indexOf(caller);
	if (rank === -1) return 404;
	return rank <= roles.indexOf(least) ? null : tooSmall;
};

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

/** A digest of every table; without what the stamper adds, and without when a token was used last. */
const snapshot = async () => {
	const { rows } = await api.db.pool.query<{ name: string }>(
		"select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1",
	);
	const without = (name: string) =>
		name === "events" || name === "audit_logs" ? " - 'position' - 'hash'" : name === "api_tokens" ? " - 'last_used_at'" : "";
	const digests = rows.map(
		({ name }) =>
			`select '${name}' as name, count(*)::int as rows, md5(coalesce(string_agg(line, '' order by line), '')) as digest
			from (select (to_jsonb(t)${without(name)})::text as line from "${name}" t) as lines`,
	);
	return (await api.db.pool.query(digests.join(" union all "))).rows;
};

test("every endpoint has its line, and every line its endpoint", () => {
	expect(Object.keys(lines).sort()).toEqual(endpoints.map(({ name }) => name).sort());
});

test("the OpenAPI document says which endpoints take an API token", async () => {
	const { body: document } = await api.caller().call("GET", "/api/openapi.json");
	for (const { name, route } of endpoints) {
		const { scope, least } = lines[name] as Line;
		const security: Json[] = document.paths[route.path][route.method.toLowerCase()].security;
		expect([name, security.some((scheme) => "apiKey" in scheme)]).toEqual([name, scope !== null || least === "known"]);
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
