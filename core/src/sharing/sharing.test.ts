import type { PlanRole } from "@agentplanner/contracts";
import { and, eq, events, invitations, planCollaborators, projectMembers, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { acceptInvitation } from "../members/accept-invitation.ts";
import { addMember } from "../members/add-member.ts";
import { listInvitations } from "../members/list-invitations.ts";
import { listMembers } from "../members/list-members.ts";
import { previewInvitation } from "../members/preview-invitation.ts";
import { removeMember } from "../members/remove-member.ts";
import { createPlan } from "../plans/create-plan.ts";
import { getPlanTree } from "../plans/get-plan-tree.ts";
import { listPlans } from "../plans/list-plans.ts";
import { updatePlan } from "../plans/update-plan.ts";
import { listProjects } from "../projects/list-projects.ts";
import { buildContext, buildProject } from "../testing.ts";
import { registerUser } from "../users/register-user.ts";
import { addCollaborator } from "./add-collaborator.ts";
import { changeCollaborator } from "./change-collaborator.ts";
import { listCollaborators } from "./list-collaborators.ts";
import { listPlanInvitations, revokePlanInvitation } from "./plan-invitations.ts";
import { removeCollaborator } from "./remove-collaborator.ts";
import { setPlanOwner } from "./set-plan-owner.ts";
import { acts, buildScene, buildStranger, idOf, share } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const collaborators = async (ctx: ProjectContext, planId: string) =>
	(await listCollaborators(ctx, planId)).items.map(({ name, role }) => `${name} ${role}`);
const rolesIn = async (ctx: ProjectContext) => (await listMembers(ctx)).items.map(({ role }) => role).sort();

describe("a collaborator with an account", () => {
	test("is one at once, as a guest who sees this plan and nothing else of the project", async () => {
		const { owner, plan } = await buildScene(database.db);
		const open = await createPlan(owner, { title: "Open to members", description: "" });
		const { user, ctx } = await buildStranger(database.db, owner);
		const added = await addCollaborator(owner, plan.id, { email: user.email.toUpperCase(), role: "editor" });
		expect(added).toMatchObject({ state: "added", collaborator: { user_id: user.id, email: user.email, role: "editor" } });
		expect(await rolesIn(owner)).toEqual(["guest", "owner"]);
		expect((await listProjects(ctx)).items).toMatchObject([{ id: owner.projectId, role: "guest", allowed_networks: null }]);
		expect((await listPlans(ctx, { limit: 10 })).items).toMatchObject([{ id: plan.id, role: "editor" }]);
		await expect(getPlanTree(ctx, open.id)).rejects.toThrow(NotFoundError);
		await expect(listMembers(ctx)).rejects.toThrow(ForbiddenError);
		expect(await acts(owner, plan.id)).toEqual(["plan.collaborator.added"]);
	});

	test("who is a member stays that; addresses are for who may share", async () => {
		const { owner, plan, member } = await buildScene(database.db);
		const viewer = await member("viewer");
		const [{ email } = { email: "" }] = (await listMembers(owner)).items.filter(({ role }) => role === "viewer");
		await addCollaborator(owner, plan.id, { email, role: "editor" });
		expect(await rolesIn(owner)).toEqual(["owner", "viewer"]);
		expect((await listCollaborators(owner, plan.id)).items).toMatchObject([{ role: "owner" }, { email, role: "editor" }]);
		expect((await listCollaborators(viewer, plan.id)).items.map((one) => one.email)).toEqual([null, null]);
		await expect(addCollaborator(owner, plan.id, { email, role: "viewer" })).rejects.toThrow(ConflictError);
		const [{ email: own } = { email: "" }] = (await listMembers(owner)).items.filter(({ role }) => role === "owner");
		await expect(addCollaborator(owner, plan.id, { email: own, role: "viewer" })).rejects.toThrow(ConflictError);
	});

	test("added twice at once is one", async () => {
		const { owner, plan } = await buildScene(database.db);
		const { user } = await buildStranger(database.db, owner);
		const added = await Promise.allSettled([1, 2].map(() => addCollaborator(owner, plan.id, { email: user.email, role: "viewer" })));
		expect(added.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
	});

	test("is added, changed and removed by the plan's admins alone, archived or not", async () => {
		const { owner, plan } = await buildScene(database.db);
		const [editor, admin, viewer] = [
			await share(database.db, owner, plan.id, "editor"),
			await share(database.db, owner, plan.id, "admin"),
			await share(database.db, owner, plan.id, "viewer"),
		];
		const { user } = await buildStranger(database.db, owner);
		const input = { email: user.email, role: "viewer" as const };
		await expect(addCollaborator(editor.ctx, plan.id, input)).rejects.toThrow(ForbiddenError);
		await expect(changeCollaborator(editor.ctx, plan.id, viewer.user.id, { role: "editor" })).rejects.toThrow(ForbiddenError);
		await expect(removeCollaborator(editor.ctx, plan.id, viewer.user.id)).rejects.toThrow(ForbiddenError);
		await updatePlan(owner, plan.id, { status: "archived" }, null);
		await addCollaborator(admin.ctx, plan.id, input);
		expect(await changeCollaborator(admin.ctx, plan.id, viewer.user.id, { role: "editor" })).toMatchObject({ role: "editor" });
		await expect(changeCollaborator(admin.ctx, plan.id, idOf(owner), { role: "editor" })).rejects.toThrow(NotFoundError);
		await removeCollaborator(admin.ctx, plan.id, viewer.user.id);
		await expect(getPlanTree(viewer.ctx, plan.id)).rejects.toThrow("This project");
	});
});

describe("who is no collaborator any more", () => {
	test("leaves the project as a guest without another plan, and their invitations end", async () => {
		const { owner, plan } = await buildScene(database.db);
		const other = await createPlan(owner, { title: "Other", description: "" });
		const { user, ctx } = await share(database.db, owner, plan.id, "admin");
		await addCollaborator(owner, other.id, { email: user.email, role: "viewer" });
		await addCollaborator(ctx, plan.id, { email: "new@example.org", role: "viewer" });
		await removeCollaborator(owner, plan.id, user.id);
		expect((await listPlanInvitations(owner, plan.id)).items).toEqual([]);
		expect((await listPlans(ctx, { limit: 10 })).items).toMatchObject([{ id: other.id }]);
		await removeCollaborator(ctx, other.id, user.id.toUpperCase());
		expect(await rolesIn(owner)).toEqual(["owner"]);
		expect((await listProjects(ctx)).items).toEqual([]);
	});

	test("has left it as a person: no token leaves a plan for them", async () => {
		const { owner, plan } = await buildScene(database.db);
		const { user, ctx } = await share(database.db, owner, plan.id);
		const token = { type: "token" as const, tokenId: crypto.randomUUID(), name: "CI", projectId: ctx.projectId, agentId: null };
		const script = { ...ctx, actor: { ...token, scopes: ["plans:read" as const], userId: user.id } };
		await expect(removeCollaborator(script, plan.id, user.id)).rejects.toThrow(ForbiddenError);
		expect(await rolesIn(owner)).toEqual(["guest", "owner"]);
		await removeCollaborator(ctx, plan.id, user.id);
		expect(await rolesIn(owner)).toEqual(["owner"]);
	});

	test("below admin has invited nobody; removed from the project has no share left", async () => {
		const { owner, plan } = await buildScene(database.db);
		const { user, ctx } = await share(database.db, owner, plan.id, "admin");
		await addCollaborator(ctx, plan.id, { email: "new@example.org", role: "viewer" });
		await changeCollaborator(owner, plan.id, user.id, { role: "editor" });
		expect((await listPlanInvitations(owner, plan.id)).items).toEqual([]);
		await removeMember(owner, user.id);
		expect(await database.db.orm.select().from(planCollaborators).where(eq(planCollaborators.userId, user.id))).toEqual([]);
	});
});

describe("an invitation to a plan", () => {
	const email = () => `new-${crypto.randomUUID()}@example.org`;
	const invite = async (owner: ProjectContext, planId: string, to: string, role: PlanRole = "editor") => {
		const added = await addCollaborator(owner, planId, { email: to, role });
		if (added.state !== "invited") throw new Error("There is such an account.");
		return added.invitation;
	};

	test("makes a guest and collaborator of whoever signs up with it", async () => {
		const { owner, plan } = await buildScene(database.db);
		const to = email();
		const { token, ...invitation } = await invite(owner, plan.id, to);
		expect(invitation).toMatchObject({ email: to, role: "guest", plan: { id: plan.id, title: "Launch", role: "editor" } });
		expect((await listPlanInvitations(owner, plan.id)).items).toEqual([invitation]);
		expect((await listInvitations(owner)).items).toEqual([invitation]);
		const anybody = buildContext(database.db, { type: "anonymous" });
		expect(await previewInvitation(anybody, { token })).toMatchObject({ state: "open", role: "guest", plan: invitation.plan });
		const made = await registerUser(
			anybody,
			{ email: to, name: "New", password: "correct horse battery", invitation_token: token },
			{ signup: "invitation" },
		);
		const user = { ...anybody, projectId: owner.projectId, actor: actorOf(made.session.user.id) };
		expect((await listPlans(user, { limit: 10 })).items).toMatchObject([{ id: plan.id, role: "editor" }]);
		expect((await listPlanInvitations(owner, plan.id)).items).toEqual([]);
		expect(await acts(owner, plan.id)).toEqual(["plan.collaborator.added"]);
	});
	const actorOf = (userId: string) => ({ type: "user" as const, userId, sessionId: crypto.randomUUID(), name: "New" });

	test("is accepted also by a member of the project, and leaves an invitation to the project alone", async () => {
		const { owner, plan } = await buildScene(database.db);
		const to = email();
		const { token } = await invite(owner, plan.id, to);
		const { user, ctx } = await buildStranger(database.db, owner);
		await database.db.pool.query("update users set email = $1 where id = $2", [to, user.id]);
		await addMember(owner, { email: to, role: "viewer" });
		expect((await listPlanInvitations(owner, plan.id)).items).toHaveLength(1);
		await acceptInvitation(ctx, { token });
		expect(await rolesIn(owner)).toEqual(["owner", "viewer"]);
		expect(await collaborators(owner, plan.id)).toEqual(["owner owner", "Grace editor"]);
		await expect(acceptInvitation(ctx, { token })).rejects.toThrow(ForbiddenError);
	});

	test("made anew ends the one before, of this plan alone; revoked it is good for nothing", async () => {
		const { owner, plan, member } = await buildScene(database.db);
		const other = await createPlan(owner, { title: "Other", description: "" });
		const to = email();
		const first = await invite(owner, plan.id, to);
		const elsewhere = await invite(owner, other.id, to);
		const second = await invite(owner, plan.id, to, "viewer");
		expect((await listInvitations(owner)).items.map(({ id }) => id)).toEqual([second.id, elsewhere.id]);
		expect(first.id).not.toBe(second.id);
		await expect(revokePlanInvitation(await member("editor"), other.id, elsewhere.id)).rejects.toThrow(ForbiddenError);
		await expect(revokePlanInvitation(owner, plan.id, elsewhere.id)).rejects.toThrow(NotFoundError);
		await revokePlanInvitation(owner, other.id, elsewhere.id);
		await expect(revokePlanInvitation(owner, other.id, elsewhere.id)).rejects.toThrow(ConflictError);
		expect(await previewInvitation(owner, { token: elsewhere.token })).toEqual({ state: "revoked" });
		await database.db.orm.update(invitations).set({ expiresAt: sql`now()` }).where(eq(invitations.id, second.id));
		expect((await listPlanInvitations(owner, plan.id)).items).toEqual([]);
	});
});

describe("setPlanOwner", () => {
	test("gives the plan away, and the owner before stays as its admin", async () => {
		const { owner, member } = await buildScene(database.db);
		const [editor, other] = [await member("editor"), await member("viewer")];
		const plan = await createPlan(editor, { title: "Mine", description: "", visibility: "private" });
		await expect(setPlanOwner(editor, plan.id, { user_id: idOf(other) }, 2)).rejects.toThrow(PreconditionFailedError);
		const given = await setPlanOwner(editor, plan.id, { user_id: idOf(other).toUpperCase() }, 1);
		expect(given).toMatchObject({ owner_user_id: idOf(other), role: "admin", version: 2 });
		expect(await collaborators(other, plan.id)).toEqual(["viewer owner", "editor admin"]);
		await setPlanOwner(other, plan.id, { user_id: idOf(editor) }, null);
		expect(await collaborators(owner, plan.id)).toEqual(["editor owner", "viewer admin"]);
		const stranger = await buildProject(database.db);
		await expect(setPlanOwner(editor, plan.id, { user_id: idOf(stranger) }, null)).rejects.toThrow(UnprocessableError);
		await expect(setPlanOwner(await member("editor"), plan.id, { user_id: idOf(editor) }, null)).rejects.toThrow(ForbiddenError);
	});
});

test("what is done to a plan's sharing stands in its events, without addresses", async () => {
	const { owner, plan } = await buildScene(database.db);
	const { user } = await share(database.db, owner, plan.id);
	await changeCollaborator(owner, plan.id, user.id, { role: "admin" });
	await removeCollaborator(owner, plan.id, user.id);
	const said = await database.db.orm
		.select()
		.from(events)
		.where(and(eq(events.projectId, owner.projectId), eq(events.subjectId, plan.id)))
		.orderBy(events.id);
	expect(said.map(({ type }) => type)).toEqual([
		"plan.created",
		"plan.collaborator.added",
		"plan.collaborator.changed",
		"plan.collaborator.removed",
	]);
	expect(JSON.stringify(said)).not.toContain("@");
	expect(await database.db.orm.select().from(projectMembers).where(eq(projectMembers.userId, user.id))).toEqual([]);
});
