import { agentScopes, type Scope, scopes, scopesAllow } from "@agentplanner/contracts";
import { createAccessToken, createReplyToken, createToken, type ProjectContext } from "@agentplanner/core";
import { buildAgent, buildContext, buildMember, buildProject, buildUser, testKeys } from "@agentplanner/core/testing";
import { apiTokens, eq } from "@agentplanner/db";
import type { TestApi } from "../start-api.ts";
import type { Caller, Line } from "./line.ts";
import { freshRequest, openSession, type Scene } from "./scene.ts";

const emailOf = async (api: TestApi, userId: string) =>
	(await api.db.pool.query<{ email: string }>("select email from users where id = $1", [userId])).rows[0]?.email ?? null;

export const buildCallers = async (scene: Scene): Promise<Caller[]> => {
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
	const ofAgent = (name: string, agent_id: string) => ({
		...token(name, async () => (await createToken(owner, { name: "Agent", agent_id, scopes: [...agentScopes] })).token),
		agentId: agent_id,
	});
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
		token("token without the scope", ({ scope }) => make(scopes.filter((one) => scope === null || !scopesAllow([one], scope)))),
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
