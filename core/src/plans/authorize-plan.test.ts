import { type PlanRole, type Role, roles } from "@agentplanner/contracts";
import { eq, nodeAssignments, planCollaborators, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ProjectContext, userIdOf } from "../context.ts";
import { ConflictError, DomainError, ForbiddenError, NotFoundError } from "../errors.ts";
import { buildAgent, buildMember, buildNode, buildProject } from "../testing.ts";
import { authorizeNode, authorizePlan } from "./authorize-plan.ts";
import { createPlan } from "./create-plan.ts";
import { deleteNode } from "./delete-nodes.ts";
import { listPlans } from "./list-plans.ts";
import { restoreNode } from "./restore-node.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const change = (planId: string, set: Partial<typeof plans.$inferInsert>) =>
	database.db.orm.update(plans).set(set).where(eq(plans.id, planId));
const share = async (ctx: ProjectContext, planId: string, role: PlanRole) => {
	await database.db.orm.insert(planCollaborators).values({ projectId: ctx.projectId, planId, userId: userIdOf(ctx.actor) ?? "", role });
	return ctx;
};
const buildScene = async (set: Partial<typeof plans.$inferInsert> = {}) => {
	const owner = await buildProject(database.db);
	const member = (role: Role) => buildMember(database.db, owner.projectId, role);
	const plan = await createPlan(owner, { title: "Launch", description: "" });
	const node = await buildNode(database.db, owner.projectId, { planId: plan.id });
	if (Object.keys(set).length > 0) await change(plan.id, set);
	return { owner, member, planId: plan.id, nodeId: node.id };
};
type Scene = Awaited<ReturnType<typeof buildScene>>;

const actions = ["plans:read", "plans:write", "plans:manage"] as const;
const outcome = (asking: Promise<unknown>) =>
	asking.then(
		() => "yes",
		(error: unknown) => (error instanceof DomainError ? error.code : error),
	);

/** What they hear who ask for reading, writing and managing; the list and the node must say the same as the plan. */
const ask = async ({ planId, nodeId }: Scene, ctx: ProjectContext) => {
	const heard = await Promise.all(actions.map((action) => outcome(authorizePlan(ctx, action, planId))));
	expect(await Promise.all(actions.map((action) => outcome(authorizeNode(ctx, action, nodeId))))).toEqual(heard);
	const listed = (await listPlans(ctx, { limit: 10 })).items.some(({ id }) => id === planId);
	expect(listed).toBe(heard[0] === "yes");
	return heard.join(" ");
};

const ofRole: Record<Role, string> = {
	owner: "yes yes yes",
	admin: "yes yes yes",
	editor: "yes yes forbidden",
	viewer: "yes forbidden forbidden",
	guest: "not_found forbidden forbidden",
};
/** What they hear of a plan that they don't see, and of one that isn't there. */
const ofNothing: Record<Role, string> = { ...ofRole, editor: "not_found not_found forbidden", viewer: "not_found forbidden forbidden" };

describe("a role in the project", () => {
	test.each(["project", "public"] as const)("counts in a plan of visibility %s, but for a guest's", async (visibility) => {
		const scene = await buildScene({ visibility, publicLinkId: visibility === "public" ? crypto.randomUUID() : null });
		for (const role of roles) expect([role, await ask(scene, await scene.member(role))]).toEqual([role, ofRole[role]]);
	});

	test("shows a private plan to owners and admins alone", async () => {
		const scene = await buildScene({ visibility: "private" });
		for (const role of roles) expect([role, await ask(scene, await scene.member(role))]).toEqual([role, ofNothing[role]]);
	});
});

test("a collaborator has the larger of both roles, a guest the one that was shared", async () => {
	for (const visibility of ["private", "project"] as const) {
		const scene = await buildScene({ visibility });
		for (const shared of ["admin", "editor", "viewer"] as const)
			expect([shared, await ask(scene, await share(await scene.member("guest"), scene.planId, shared))]).toEqual([shared, ofRole[shared]]);
		expect(await ask(scene, await share(await scene.member("viewer"), scene.planId, "editor"))).toBe(ofRole.editor);
	}
	const scene = await buildScene();
	expect(await ask(scene, await share(await scene.member("editor"), scene.planId, "viewer"))).toBe(ofRole.editor);
});

test("who made a plan is its owner, and counts as an admin in it", async () => {
	const scene = await buildScene();
	const editor = await scene.member("editor");
	const { id: planId } = await createPlan(editor, { title: "Mine", description: "" });
	const nodeId = (await buildNode(database.db, editor.projectId, { planId })).id;
	await change(planId, { visibility: "private" });
	expect(await ask({ ...scene, planId, nodeId }, editor)).toBe(ofRole.admin);
	expect(await ask({ ...scene, planId, nodeId }, await scene.member("editor"))).toBe(ofNothing.editor);
});

test("a person's token does no more than they do; an agent's reaches what is not private", async () => {
	const scene = await buildScene({ visibility: "private" });
	const viewer = await scene.member("viewer");
	const token = (userId: string | null, projectId = viewer.projectId): ProjectContext => ({
		...viewer,
		actor: {
			type: "token",
			tokenId: crypto.randomUUID(),
			name: "CI",
			projectId,
			scopes: ["plans:read", "requests:read"],
			userId,
			agentId: null,
		},
	});
	const mine = token(userIdOf(viewer.actor));
	await expect(authorizePlan(mine, "plans:read", scene.planId)).rejects.toThrow(NotFoundError);
	await share(viewer, scene.planId, "viewer");
	await authorizePlan(mine, "plans:read", scene.planId);
	await expect(authorizePlan(mine, "plans:write", scene.planId)).rejects.toThrow(ForbiddenError);

	await expect(authorizePlan(token(null), "requests:read", scene.planId)).rejects.toThrow(NotFoundError);
	await change(scene.planId, { visibility: "project" });
	await authorizePlan(token(null), "requests:read", scene.planId);
	await expect(authorizePlan(token(null, crypto.randomUUID()), "requests:read", scene.planId)).rejects.toThrow(NotFoundError);
});

test("an agent reaches a private plan by what is assigned to it there, until that is deleted", async () => {
	const scene = await buildScene({ visibility: "private" });
	const { owner, planId, nodeId } = scene;
	const agent = await buildAgent(database.db, owner.projectId);
	const token = { type: "token" as const, tokenId: crypto.randomUUID(), name: "CI", projectId: owner.projectId, userId: null };
	const ctx: ProjectContext = { ...owner, actor: { ...token, scopes: ["plans:read", "plans:work"], agentId: agent.id } };
	const heard = "yes forbidden forbidden";
	expect(await ask(scene, ctx)).toBe("not_found forbidden forbidden");
	await database.db.orm
		.insert(nodeAssignments)
		.values({ projectId: owner.projectId, planId, nodeId, agentId: agent.id, assignedBy: "Ada" });
	expect(await ask(scene, ctx)).toBe(heard);
	await deleteNode(owner, nodeId, null);
	await expect(authorizePlan(ctx, "plans:read", planId)).rejects.toThrow(NotFoundError);
	expect((await listPlans(ctx, { limit: 10 })).items).toEqual([]);
	await restoreNode(owner, nodeId);
	expect(await ask(scene, ctx)).toBe(heard);
});

test("an archived plan is read, and brings to an end what was under way; else it is a conflict", async () => {
	const { owner, planId } = await buildScene({ status: "archived" });
	const goesOn = ["plans:read", "requests:read", "requests:answer", "requests:cancel", "decisions:decide", "plans:manage"] as const;
	for (const action of goesOn) await authorizePlan(owner, action, planId);
	for (const action of ["plans:write", "requests:create", "decisions:create"] as const)
		await expect(authorizePlan(owner, action, planId)).rejects.toThrow(ConflictError);
	await authorizePlan(owner, "plans:write", planId, { even: "archived" });
});

test("a deleted plan is there for nobody, and whoever would change it hears why it can't be", async () => {
	const scene = await buildScene({ deletedAt: new Date() });
	expect(await ask(scene, scene.owner)).toBe("not_found conflict conflict");
	expect(await ask(scene, await scene.member("guest"))).toBe(ofRole.guest);
	await authorizePlan(scene.owner, "plans:read", scene.planId, { even: "deleted" });
	await expect(authorizePlan(scene.owner, "plans:write", scene.planId, { even: "archived" })).rejects.toThrow(ConflictError);
});

test("a plan that isn't there, another project's owner and a stranger hear what tells them nothing", async () => {
	const scene = await buildScene();
	const { owner, planId } = scene;
	for (const role of ["editor", "viewer", "guest"] as const)
		expect(await ask({ ...scene, planId: crypto.randomUUID(), nodeId: crypto.randomUUID() }, await scene.member(role))).toBe(
			ofNothing[role],
		);
	const other = await buildProject(database.db);
	await expect(authorizePlan(other, "plans:read", planId)).rejects.toThrow("This plan");
	await expect(authorizePlan({ ...other, projectId: owner.projectId }, "plans:read", planId)).rejects.toThrow("This project");
});
