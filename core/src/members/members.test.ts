import type { Role } from "@agentplanner/contracts";
import { and, auditLogs, eq, events, invitations, projectMembers, projects, sql, userSessions, users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, UnauthorizedError, UnprocessableError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildContext, buildMember, buildProject, buildUser } from "../testing.ts";
import { registerUser } from "../users/register-user.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { addMember } from "./add-member.ts";
import { changeMember } from "./change-member.ts";
import { createInvitation } from "./create-invitation.ts";
import { listInvitations } from "./list-invitations.ts";
import { listMembers } from "./list-members.ts";
import { removeMember } from "./remove-member.ts";
import { revokeInvitation } from "./revoke-invitation.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const userId = ({ actor }: ProjectContext) => (actor.type === "user" ? actor.userId : "");
const rolesIn = async (ctx: ProjectContext) => (await listMembers(ctx)).items.map(({ role }) => role).sort();
const recorded = async ({ projectId }: ProjectContext, type: string) => ({
	events: await database.db.orm
		.select()
		.from(events)
		.where(and(eq(events.projectId, projectId), eq(events.type, type))),
	audits: await database.db.orm
		.select()
		.from(auditLogs)
		.where(and(eq(auditLogs.projectId, projectId), eq(auditLogs.type, type)))
		.orderBy(auditLogs.id),
});
const member = (owner: ProjectContext, role: Role) => buildMember(database.db, owner.projectId, role);

describe("addMember", () => {
	test("makes an account a member, and records it", async () => {
		const owner = await buildProject(database.db);
		const user = await buildUser(database.db, "Grace");
		expect(await addMember(owner, { email: user.email.toUpperCase(), role: "editor" })).toMatchObject({ user_id: user.id, role: "editor" });
		expect(await rolesIn(owner)).toEqual(["editor", "owner"]);
		const { events, audits } = await recorded(owner, "project.member.added");
		expect(events).toMatchObject([{ subjectType: "member", subjectId: user.id, data: { role: "editor" } }]);
		expect(audits).toMatchObject([{ subjectId: user.id, actor: { type: "user", userId: userId(owner) } }]);
	});

	test("is for admins and owners, and an owner is made by owners alone", async () => {
		const owner = await buildProject(database.db);
		const [user, editor, admin, stranger] = [
			await buildUser(database.db),
			await member(owner, "editor"),
			await member(owner, "admin"),
			await buildProject(database.db),
		];
		await expect(addMember(editor, { email: user.email, role: "viewer" })).rejects.toThrow(ForbiddenError);
		await expect(addMember({ ...stranger, projectId: owner.projectId }, { email: user.email, role: "viewer" })).rejects.toThrow(
			NotFoundError,
		);
		await expect(addMember(admin, { email: user.email, role: "owner" })).rejects.toThrow(ForbiddenError);
		await expect(addMember(admin, { email: user.email, role: "admin" })).resolves.toMatchObject({ role: "admin" });
	});

	test("an address without an account is told from a member", async () => {
		const owner = await buildProject(database.db);
		await expect(addMember(owner, { email: "nobody@example.org", role: "viewer" })).rejects.toThrow(UnprocessableError);
		const user = await buildUser(database.db);
		const added = await Promise.allSettled([1, 2].map(() => addMember(owner, { email: user.email, role: "viewer" })));
		expect(added.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		await expect(addMember(owner, { email: user.email, role: "viewer" })).rejects.toThrow(ConflictError);
	});
});

describe("changeMember and removeMember", () => {
	test("change and remove at once, and record it", async () => {
		const owner = await buildProject(database.db);
		const editor = await member(owner, "editor");
		expect(await changeMember(owner, userId(editor), { role: "viewer" })).toMatchObject({ role: "viewer" });
		expect((await recorded(owner, "project.member.changed")).events).toMatchObject([{ data: { from: "editor", to: "viewer" } }]);
		await removeMember(owner, userId(editor));
		expect(await rolesIn(owner)).toEqual(["owner"]);
		await expect(listMembers(editor)).rejects.toThrow(NotFoundError);
		expect((await recorded(owner, "project.member.removed")).audits).toHaveLength(1);
		await expect(removeMember(owner, userId(editor))).rejects.toThrow(NotFoundError);
	});

	test("an admin can't touch owners, an editor nobody but themselves", async () => {
		const owner = await buildProject(database.db);
		const [admin, editor] = [await member(owner, "admin"), await member(owner, "editor")];
		await member(owner, "owner");
		await expect(changeMember(admin, userId(owner), { role: "viewer" })).rejects.toThrow(ForbiddenError);
		await expect(removeMember(admin, userId(owner))).rejects.toThrow(ForbiddenError);
		await expect(changeMember(admin, userId(admin), { role: "owner" })).rejects.toThrow(ForbiddenError);
		await expect(changeMember(editor, userId(editor), { role: "admin" })).rejects.toThrow(ForbiddenError);
		await expect(removeMember(editor, userId(admin))).rejects.toThrow(ForbiddenError);
		await removeMember(editor, userId(editor));
		expect(await rolesIn(owner)).toEqual(["admin", "owner", "owner"]);
	});

	test("the last owner stays, also when two owners remove each other at once", async () => {
		const owner = await buildProject(database.db);
		await expect(removeMember(owner, userId(owner))).rejects.toThrow(UnprocessableError);
		await expect(changeMember(owner, userId(owner), { role: "admin" })).rejects.toThrow(UnprocessableError);
		const other = await member(owner, "owner");
		const outcomes = await Promise.allSettled([removeMember(owner, userId(other)), removeMember(other, userId(owner))]);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		const left = await database.db.orm.select().from(projectMembers).where(eq(projectMembers.projectId, owner.projectId));
		expect(left).toMatchObject([{ role: "owner" }]);
	});

	test("whoever loses the role while waiting can do nothing more with it", async () => {
		const owner = await buildProject(database.db);
		const [admin, viewer] = [await member(owner, "admin"), await member(owner, "viewer")];
		const attempt = raceAgainst(
			database.db,
			async (tx) => {
				await tx.select().from(projects).where(eq(projects.id, owner.projectId)).for("no key update");
				await tx
					.update(projectMembers)
					.set({ role: "viewer" })
					.where(eq(projectMembers.userId, userId(admin)));
			},
			() => changeMember(admin, userId(viewer), { role: "editor" }),
		);
		await expect(attempt).rejects.toThrow(ForbiddenError);
		expect(await rolesIn(owner)).toEqual(["owner", "viewer", "viewer"]);
	});
});

describe("invitations", () => {
	const input = (email: string, invitation_token?: string) => ({ email, name: "New", password: "correct horse battery", invitation_token });
	const anonymous = () => buildContext(database.db, { type: "anonymous" });
	let count = 0;
	const address = () => `invited-${++count}@example.org`;

	test("let their address make an account where sign-up is closed, once, as a member", async () => {
		const owner = await buildProject(database.db);
		const email = address();
		const { token, ...invitation } = await createInvitation(owner, { email, role: "editor" });
		expect(await listInvitations(owner)).toEqual({ items: [invitation] });
		expect(JSON.stringify(await database.db.orm.select().from(invitations))).not.toContain(token);
		await expect(registerUser(anonymous(), input(address(), token), { signup: "invitation" })).rejects.toThrow(ForbiddenError);
		const { session } = await registerUser(anonymous(), input(email.toUpperCase(), token), { signup: "invitation" });
		expect(session).toMatchObject({ active_project_id: owner.projectId, projects: [{ id: owner.projectId, role: "editor" }] });
		expect((await listInvitations(owner)).items).toEqual([]);
		await expect(registerUser(anonymous(), input(email, token), { signup: "invitation" })).rejects.toThrow(ForbiddenError);
		expect((await recorded(owner, "invitation.accepted")).audits).toMatchObject([{ data: { role: "editor" } }]);
		expect((await recorded(owner, "project.member.added")).audits).toMatchObject([{ evidenceRefs: [`invitation:${invitation.id}`] }]);
	});

	test("also where it is open; two at once make one account and one member", async () => {
		const owner = await buildProject(database.db);
		const email = address();
		const { token } = await createInvitation(owner, { email, role: "viewer" });
		const outcomes = await Promise.allSettled([1, 2].map(() => registerUser(anonymous(), input(email, token), { signup: "open" })));
		expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		expect(await rolesIn(owner)).toEqual(["owner", "viewer"]);
	});

	test.each([
		["expired", sql`update invitations set expires_at = now() where email = `],
		["accepted", sql`update invitations set accepted_at = now() where email = `],
		["withdrawn", sql`update invitations set revoked_at = now() where email = `],
	])("an %s one is refused, and makes no account", async (_, change) => {
		const owner = await buildProject(database.db);
		const email = address();
		const { token } = await createInvitation(owner, { email, role: "viewer" });
		await database.db.orm.execute(sql`${change}${email}`);
		await expect(registerUser(anonymous(), input(email, token), { signup: "open" })).rejects.toThrow(ForbiddenError);
		await expect(registerUser(anonymous(), input(email, `${token.slice(0, -2)}xx`), { signup: "open" })).rejects.toThrow(ForbiddenError);
		expect(await database.db.orm.select().from(users).where(eq(users.email, email))).toEqual([]);
	});

	test("inviting again, withdrawing, removing the inviter each end the older link", async () => {
		const owner = await buildProject(database.db);
		const admin = await member(owner, "admin");
		const email = address();
		const first = await createInvitation(admin, { email, role: "viewer" });
		const second = await createInvitation(owner, { email, role: "editor" });
		await expect(registerUser(anonymous(), input(email, first.token), { signup: "open" })).rejects.toThrow(ForbiddenError);
		await revokeInvitation(admin, second.id);
		await expect(revokeInvitation(admin, second.id)).rejects.toThrow(ConflictError);
		await createInvitation(admin, { email, role: "viewer" });
		await removeMember(owner, userId(admin));
		expect((await listInvitations(owner)).items).toEqual([]);
	});

	test("are made by admins and owners, an owner's by owners", async () => {
		const owner = await buildProject(database.db);
		const [admin, editor] = [await member(owner, "admin"), await member(owner, "editor")];
		await expect(createInvitation(editor, { email: address(), role: "viewer" })).rejects.toThrow(ForbiddenError);
		await expect(listInvitations(editor)).rejects.toThrow(ForbiddenError);
		await expect(createInvitation(admin, { email: address(), role: "owner" })).rejects.toThrow(ForbiddenError);
		const made = await createInvitation(owner, { email: address(), role: "owner" });
		await expect(revokeInvitation(admin, made.id)).rejects.toThrow(ForbiddenError);
		await expect(revokeInvitation({ ...(await buildProject(database.db)) }, made.id)).rejects.toThrow(NotFoundError);
	});

	test("can be accepted by an account that is there, for its own address", async () => {
		const owner = await buildProject(database.db);
		const { session } = await registerUser(anonymous(), input(address()), { signup: "open" });
		const { token } = await createInvitation(owner, { email: session.user.email, role: "admin" });
		const [row] = await database.db.orm.select().from(userSessions).where(eq(userSessions.userId, session.user.id));
		const ctx = buildContext(database.db, { type: "user", userId: session.user.id, sessionId: row?.id ?? "", name: "New" });
		const other = await buildProject(database.db);
		await expect(acceptInvitation(other, { token })).rejects.toThrow(ForbiddenError);
		await expect(acceptInvitation(anonymous(), { token })).rejects.toThrow(UnauthorizedError);
		const outcomes = await Promise.allSettled([acceptInvitation(ctx, { token }), acceptInvitation(ctx, { token })]);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		expect(await rolesIn(owner)).toEqual(["admin", "owner"]);
		await expect(createInvitation(owner, { email: session.user.email, role: "admin" })).rejects.toThrow(ConflictError);
	});

	test("to more than the inviter may give any more are withdrawn when they are demoted", async () => {
		const owner = await buildProject(database.db);
		const other = await member(owner, "owner");
		for (const role of ["owner", "viewer"] as const) await createInvitation(other, { email: address(), role });
		const open = async () => (await listInvitations(owner)).items.map(({ role }) => role);
		await changeMember(owner, userId(other), { role: "admin" });
		expect(await open()).toEqual(["viewer"]);
		await changeMember(owner, userId(other), { role: "editor" });
		expect(await open()).toEqual([]);
		expect((await recorded(owner, "invitation.revoked")).audits).toMatchObject([{ data: { role: "owner" } }, { data: { role: "viewer" } }]);
	});

	test("bring no removed member back", async () => {
		const owner = await buildProject(database.db);
		const user = await buildUser(database.db);
		const ctx = buildContext(database.db, { type: "user", userId: user.id, sessionId: crypto.randomUUID(), name: user.name });
		const invite = () => createInvitation(owner, { email: user.email, role: "admin" });
		const { token } = await invite();
		await addMember(owner, { email: user.email, role: "viewer" });
		expect((await recorded(owner, "invitation.revoked")).audits).toHaveLength(1);
		// One of the time before adding withdrew it.
		await database.db.orm.update(invitations).set({ revokedAt: null }).where(eq(invitations.email, user.email));
		await removeMember(owner, user.id);
		await expect(acceptInvitation(ctx, { token })).rejects.toThrow(ForbiddenError);
	});

	test("to an owner's role are no admin's to replace", async () => {
		const owner = await buildProject(database.db);
		const admin = await member(owner, "admin");
		const user = await buildUser(database.db);
		await createInvitation(owner, { email: user.email, role: "owner" });
		await expect(createInvitation(admin, { email: user.email.toUpperCase(), role: "viewer" })).rejects.toThrow(ForbiddenError);
		await expect(addMember(admin, { email: user.email, role: "viewer" })).rejects.toThrow(ForbiddenError);
		expect((await listInvitations(owner)).items).toMatchObject([{ role: "owner" }]);
		await createInvitation(owner, { email: user.email, role: "viewer" });
		expect((await recorded(owner, "invitation.revoked")).audits).toMatchObject([{ data: { email: user.email, role: "owner" } }]);
	});
});
