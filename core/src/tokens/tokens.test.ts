import { type CreateTokenInput, scopes } from "@agentplanner/contracts";
import { agentRequests, apiTokens, auditLogs, eq, events, messageDeliveries, projectMembers, projects, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAudit } from "../audit/list-audit.ts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, UnprocessableError } from "../errors.ts";
import { changeMember } from "../members/change-member.ts";
import { removeMember } from "../members/remove-member.ts";
import { createPlan } from "../plans/create-plan.ts";
import { getProject } from "../projects/get-project.ts";
import { listProjects } from "../projects/list-projects.ts";
import { raceAgainst } from "../projects/race.ts";
import { acknowledgeRequest } from "../requests/acknowledge-request.ts";
import { createRequest } from "../requests/create-request.ts";
import { getRequest } from "../requests/get-request.ts";
import { listRequests } from "../requests/list-requests.ts";
import { respondToRequest } from "../responses/respond-to-request.ts";
import { buildAgent, buildContext, buildIntegration, buildMember, buildNode, buildProject, someContent } from "../testing.ts";
import { authenticateApiToken } from "./authenticate-api-token.ts";
import { createToken } from "./create-token.ts";
import { listTokens } from "./list-tokens.ts";
import { revokeToken } from "./revoke-token.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const authenticate = (token: string) => authenticateApiToken(buildContext(database.db, { type: "anonymous" }), token);

/** The context of a script with a new token of that member, or of an agent. */
const buildScript = async (ctx: ProjectContext, input: Partial<CreateTokenInput> = {}) => {
	const made = await createToken(ctx, { name: "CI", scopes: [...scopes], ...input });
	const actor = await authenticate(made.token);
	if (!actor) throw new Error("The token is not good.");
	return { ...ctx, actor, token: made.token, tokenId: made.id };
};

const userId = ({ actor }: ProjectContext) => (actor.type === "user" ? actor.userId : "");
const setRole = (ctx: ProjectContext, role: "viewer" | "editor") =>
	database.db.orm
		.update(projectMembers)
		.set({ role })
		.where(eq(projectMembers.userId, userId(ctx)));

describe("a token", () => {
	test("is shown once, kept as a hash, listed by its beginning, and audited", async () => {
		const owner = await buildProject(database.db);
		const { token, ...made } = await createToken(owner, { name: "CI", scopes: ["plans:read", "plans:read"] });
		expect(token).toMatch(/^ap_[\w-]{43}$/);
		expect(made).toMatchObject({ prefix: token.slice(0, 11), scopes: ["plans:read"], owner: { user_id: userId(owner), agent_id: null } });
		expect(Date.parse(made.expires_at ?? "") - Date.now()).toBeGreaterThan(89 * 86_400_000);
		expect(await listTokens(owner)).toEqual({ items: [made] });
		const kept = await Promise.all([apiTokens, events, auditLogs].map((table) => database.db.orm.select().from(table)));
		expect(JSON.stringify(kept)).not.toContain(token);
		const [logged] = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.subjectId, made.id));
		expect(logged).toMatchObject({ type: "token.created", data: { scopes: ["plans:read"], prefix: made.prefix } });
	});

	test("does what both its scopes and its owner's role of today allow, in its own project", async () => {
		const owner = await buildProject(database.db);
		const editor = await buildMember(database.db, owner.projectId, "editor");
		const script = await buildScript(editor, { scopes: ["plans:write", "project:read"] });
		await createPlan(script, { title: "By script", description: "" });
		expect(await getProject(script)).toMatchObject({ role: "editor" });
		await expect(authorize(script, "plans:read")).rejects.toThrow(/scope plans:read/);
		const other = await buildProject(database.db);
		await expect(authorize({ ...script, projectId: other.projectId }, "plans:write")).rejects.toThrow(NotFoundError);
		await setRole(editor, "viewer");
		await expect(authorize(script, "plans:write")).rejects.toThrow(/role editor/);
	});

	test("never makes tokens, changes members, reads the audit log or acts for the account", async () => {
		const script = await buildScript(await buildProject(database.db));
		await expect(createToken(script, { name: "More", scopes: ["plans:read"] })).rejects.toThrow(ForbiddenError);
		await expect(listTokens(script)).rejects.toThrow(ForbiddenError);
		await expect(revokeToken(script, script.tokenId)).rejects.toThrow(ForbiddenError);
		await expect(removeMember(script, script.actor.userId ?? "")).rejects.toThrow(ForbiddenError);
		await expect(listAudit(script, { limit: 1, cursor: 0 })).rejects.toThrow(ForbiddenError);
		await expect(listProjects(script)).rejects.toThrow(ForbiddenError);
	});

	test("is nobody once revoked, expired, or when its owner has left", async () => {
		const owner = await buildProject(database.db);
		const [revoked, expired] = [await buildScript(owner), await buildScript(owner, { expires_at: null })];
		await revokeToken(owner, revoked.tokenId);
		await database.db.orm.update(apiTokens).set({ expiresAt: sql`now()` }).where(eq(apiTokens.id, expired.tokenId));
		expect([await authenticate(revoked.token), await authenticate(expired.token), await authenticate("ap_x")]).toEqual([null, null, null]);

		const editor = await buildMember(database.db, owner.projectId, "editor");
		const script = await buildScript(editor);
		await removeMember(owner, userId(editor));
		expect(await authenticate(script.token)).toBeNull();
		// Coming back doesn't bring the tokens back.
		await database.db.orm.insert(projectMembers).values({ projectId: owner.projectId, userId: userId(editor), role: "editor" });
		expect(await authenticate(script.token)).toBeNull();
	});

	test("says when it was used last, to the minute", async () => {
		const owner = await buildProject(database.db);
		const script = await buildScript(owner);
		const lastUsed = async () => (await listTokens(owner)).items[0]?.last_used_at;
		const first = await lastUsed();
		expect(first).toEqual(expect.any(String));
		await authenticate(script.token);
		expect(await lastUsed()).toBe(first);
		await database.db.orm.update(apiTokens).set({ lastUsedAt: sql`now() - interval '2 minutes'` }).where(eq(apiTokens.id, script.tokenId));
		await authenticate(script.token);
		expect(Date.parse((await lastUsed()) ?? "")).toBeGreaterThan(Date.now() - 60_000);
	});

	test("is seen and revoked by its owner and by admins, once", async () => {
		const owner = await buildProject(database.db);
		const [admin, editor, viewer] = [
			await buildMember(database.db, owner.projectId, "admin"),
			await buildMember(database.db, owner.projectId, "editor"),
			await buildMember(database.db, owner.projectId, "viewer"),
		];
		const { tokenId } = await buildScript(editor);
		expect((await listTokens(viewer)).items).toEqual([]);
		expect((await listTokens(admin)).items).toHaveLength(1);
		await expect(revokeToken(viewer, tokenId)).rejects.toThrow(NotFoundError);
		await expect(revokeToken(await buildProject(database.db), tokenId)).rejects.toThrow(NotFoundError);
		const outcomes = await Promise.allSettled([revokeToken(editor, tokenId), revokeToken(admin, tokenId)]);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		await expect(revokeToken(editor, tokenId)).rejects.toThrow(ConflictError);
	});

	test("can't have ended before it begins, by the database's clock", async () => {
		const owner = { ...(await buildProject(database.db)), now: () => new Date(0) };
		const past = new Date(Date.now() - 1).toISOString();
		await expect(createToken(owner, { name: "Late", scopes: ["plans:read"], expires_at: past })).rejects.toThrow(UnprocessableError);
		expect((await listTokens(owner)).items).toEqual([]);
		const { expires_at } = await createToken(owner, { name: "Usual", scopes: ["plans:read"] });
		expect(Date.parse(expires_at ?? "")).toBeGreaterThan(Date.now());
	});
});

describe("an agent's own token", () => {
	const buildScene = async () => {
		const owner = await buildProject(database.db);
		const { projectId } = owner;
		const [node, integration] = [await buildNode(database.db, projectId), await buildIntegration(database.db, projectId)];
		const [agent, other] = [await buildAgent(database.db, projectId), await buildAgent(database.db, projectId)];
		const ask = async (...agentIds: string[]) => {
			const request = await createRequest(owner, { node_id: node.id, question: "Ready?", targets: [], answer_policy: { kind: "all" } });
			for (const agentId of agentIds)
				await database.db.orm.insert(messageDeliveries).values({
					projectId,
					integrationId: integration.id,
					agentId,
					agentRequestId: request.id,
					kind: "request",
					content: someContent,
					status: "delivered",
				});
			await database.db.orm.update(agentRequests).set({ status: "dispatched" }).where(eq(agentRequests.id, request.id));
			return request.id;
		};
		const script = await buildScript(owner, { agent_id: agent.id, scopes: ["requests:read", "requests:answer"] });
		return { owner, agent, other, ask, script };
	};

	test("reads and answers what was sent to it, as that agent, and nothing else", async () => {
		const { agent, other, ask, script } = await buildScene();
		const shared = await ask(agent.id, other.id);
		const others = await ask(other.id);
		const { items } = await listRequests(script, { limit: 10 });
		expect(items.map(({ id }) => id)).toEqual([shared]);
		expect((await getRequest(script, shared)).deliveries.map(({ agent_id }) => agent_id)).toEqual([agent.id]);
		await expect(getRequest(script, others)).rejects.toThrow(NotFoundError);
		await expect(acknowledgeRequest(script, others)).rejects.toThrow(NotFoundError);
		await expect(respondToRequest(script, others, { type: "answer", text: "Mine" })).rejects.toThrow(NotFoundError);

		expect(await acknowledgeRequest(script, shared)).toMatchObject({ status: "working" });
		const { response } = await respondToRequest(script, shared, { type: "answer", text: "Yes" });
		expect(response).toMatchObject({ agent_id: agent.id, respondent: agent.name, delivery_id: expect.any(String) });
		const asked = await respondToRequest(script, shared, { type: "input_required", text: "Which?" });
		expect(asked.response).toMatchObject({ kind: "input_required" });
		const [event] = await database.db.orm
			.select()
			.from(events)
			.where(eq(events.subjectId, response?.id ?? ""));
		expect(event?.actor).toMatchObject({ type: "agent", agentId: agent.id, tokenId: script.tokenId });
	});

	test("ends when whoever made it leaves or is no admin any more, on record", async () => {
		const { owner, agent } = await buildScene();
		const [leaver, demoted] = [
			await buildMember(database.db, owner.projectId, "admin"),
			await buildMember(database.db, owner.projectId, "admin"),
		];
		const input = { agent_id: agent.id, scopes: ["requests:read" as const] };
		const [left, kept, lost] = [await buildScript(leaver, input), await buildScript(demoted), await buildScript(demoted, input)];
		await removeMember(owner, userId(leaver));
		await changeMember(owner, userId(demoted), { role: "editor" });
		const actors = await Promise.all([left, kept, lost].map(({ token }) => authenticate(token)));
		expect(actors.map((actor) => actor?.tokenId)).toEqual([undefined, kept.tokenId, undefined]);
		const logged = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.projectId, owner.projectId)).orderBy(auditLogs.id);
		expect(logged.filter(({ type }) => type === "token.revoked").map(({ subjectId }) => subjectId)).toEqual([left.tokenId, lost.tokenId]);
	});

	test("is not made by an admin who is being removed at that moment", async () => {
		const { owner, agent } = await buildScene();
		const admin = await buildMember(database.db, owner.projectId, "admin");
		const attempt = raceAgainst(
			database.db,
			async (tx) => {
				await tx.select().from(projects).where(eq(projects.id, owner.projectId)).for("no key update");
				await tx.delete(projectMembers).where(eq(projectMembers.userId, userId(admin)));
			},
			() => createToken(admin, { name: "Late", agent_id: agent.id, scopes: ["requests:read"] }),
		);
		await expect(attempt).rejects.toThrow(NotFoundError);
	});

	test("is made by admins and owners, for agents of the project, with the scopes that agents have", async () => {
		const { owner, agent } = await buildScene();
		const input = { name: "Agent", agent_id: agent.id, scopes: ["requests:read" as const] };
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(createToken(editor, input)).rejects.toThrow(ForbiddenError);
		await expect(createToken(owner, { ...input, scopes: ["plans:write"] })).rejects.toThrow(UnprocessableError);
		const stranger = await buildProject(database.db);
		await expect(createToken(stranger, input)).rejects.toThrow(UnprocessableError);
	});
});

test("a member's token answers as that member", async () => {
	const owner = await buildProject(database.db);
	const node = await buildNode(database.db, owner.projectId);
	const script = await buildScript(owner);
	const { id, asked_by } = await createRequest(script, { node_id: node.id, question: "?", targets: [], answer_policy: { kind: "first" } });
	expect(asked_by).toBe("owner (CI)");
	const { response } = await respondToRequest(script, id, { type: "answer", text: "Yes" });
	expect(response).toMatchObject({ agent_id: null, respondent: "owner (CI)" });
	await expect(respondToRequest(script, id, { type: "input_required", text: "?" })).rejects.toThrow(UnprocessableError);
});
