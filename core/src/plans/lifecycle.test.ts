import { CreateNodeInput } from "@agentplanner/contracts";
import { and, auditLogs, eq, events, planCollaborators, planNodeDependencies, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setNodeAssignments } from "../assignments/set-node-assignments.ts";
import type { ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { getRequest } from "../requests/get-request.ts";
import { listRequests } from "../requests/list-requests.ts";
import { ask, buildScene } from "../requests/testing.ts";
import { buildMember, buildNode, buildProject, userIdOf } from "../testing.ts";
import { createNode } from "./create-node.ts";
import { createPlan } from "./create-plan.ts";
import { deleteNode, deleteNodes } from "./delete-nodes.ts";
import { deletePlan } from "./delete-plan.ts";
import { duplicatePlan } from "./duplicate-plan.ts";
import { getNode } from "./get-node.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { listPlanChanges } from "./list-plan-changes.ts";
import { listPlans } from "./list-plans.ts";
import { moveNode } from "./move-node.ts";
import { moveNodes } from "./move-nodes.ts";
import { readWholePlan } from "./read-whole-plan.ts";
import { restorePlan } from "./restore-plan.ts";
import { setNodeStatuses } from "./set-node-statuses.ts";
import { undoPlanChange } from "./undo-plan-change.ts";
import { updateNode } from "./update-node.ts";
import { updatePlan } from "./update-plan.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildPlan = async () => {
	const owner = await buildProject(database.db);
	return { owner, plan: await createPlan(owner, { title: "Launch", description: "In spring" }) };
};
const titles = async (ctx: ProjectContext, query: { status?: "draft" | "archived"; deleted?: boolean } = {}) =>
	(await listPlans(ctx, { limit: 10, ...query })).items.map(({ title }) => title);
const recorded = async (table: typeof events | typeof auditLogs, subjectId: string, type: string) =>
	(
		await database.db.orm
			.select()
			.from(table)
			.where(and(eq(table.subjectId, subjectId), eq(table.type, type)))
	).map(({ data }) => data);

describe("a plan's status", () => {
	test("is changed by an editor, said in an event, and listed by", async () => {
		const { owner, plan } = await buildPlan();
		expect(plan).toMatchObject({ status: "active", visibility: "project", role: "owner" });
		await createPlan(owner, { title: "Idea", description: "", status: "draft", visibility: "private" });
		expect(await titles(owner, { status: "draft" })).toEqual(["Idea"]);
		const editor = await buildMember(database.db, owner.projectId, "editor");
		expect(await updatePlan(editor, plan.id, { status: "completed" }, 1)).toMatchObject({
			status: "completed",
			version: 2,
			role: "editor",
		});
		expect(await recorded(events, plan.id, "plan.status.changed")).toEqual([{ from: "active", to: "completed" }]);
		expect(await updatePlan(editor, plan.id, { status: "completed" }, 2)).toMatchObject({ version: 2 });
		await expect(updatePlan(editor, plan.id, { status: "draft" }, 1)).rejects.toThrow(PreconditionFailedError);
	});

	test("archived: it is read, and refuses every change until it has another status", async () => {
		const { owner, plan } = await buildPlan();
		await updatePlan(owner, plan.id, { status: "archived" }, null);
		expect(await titles(owner, { status: "archived" })).toEqual(["Launch"]);
		for (const change of [{ title: "Later" }, { status: "archived" as const, title: "Later" }])
			await expect(updatePlan(owner, plan.id, change, null)).rejects.toThrow(ConflictError);
		const input = CreateNodeInput.parse({ title: "Late" });
		await expect(createNode(owner, plan.id, input)).rejects.toThrow("This plan is archived");
		expect(await updatePlan(owner, plan.id, { status: "active" }, 2)).toMatchObject({ status: "active" });
		await createNode(owner, plan.id, input);
	});
});

describe("a change that waits while the plan is", () => {
	const input = CreateNodeInput.parse({ title: "Late" });
	const changes: Record<string, (ctx: ProjectContext, planId: string, nodeId: string, changeId: string) => Promise<unknown>> = {
		"creating a node": (ctx, planId) => createNode(ctx, planId, input),
		"moving a node": (ctx, _, nodeId) => moveNode(ctx, nodeId, { parent_id: null, after_id: null }, null),
		"moving nodes": (ctx, planId, id) => moveNodes(ctx, planId, { nodes: [{ id }], parent_id: null, after_id: null }),
		"deleting a node": (ctx, _, nodeId) => deleteNode(ctx, nodeId, null),
		"deleting nodes": (ctx, planId, id) => deleteNodes(ctx, planId, { nodes: [{ id }] }),
		"setting statuses": (ctx, planId, id) => setNodeStatuses(ctx, planId, { nodes: [{ id }], status: "completed" }),
		"undoing a change": (ctx, planId, _, changeId) => undoPlanChange(ctx, planId, changeId),
		"assigning a node": (ctx, _, nodeId) => setNodeAssignments(ctx, nodeId, { assignees: [{ user_id: userIdOf(ctx) }] }, null),
	};
	const ends = {
		archived: (ctx: ProjectContext, planId: string) => updatePlan(ctx, planId, { status: "archived" }, null),
		deleted: (ctx: ProjectContext, planId: string) => deletePlan(ctx, planId, null),
	};

	for (const [state, end] of Object.entries(ends))
		test.each(Object.entries(changes))(`${state} is refused: %s`, async (_, change) => {
			const { owner, plan } = await buildPlan();
			const { id: nodeId } = await createNode(owner, plan.id, input);
			const [last] = (await listPlanChanges(owner, plan.id, { limit: 1 })).items;
			const attempt = raceAgainst(
				database.db,
				(tx) => end({ ...owner, db: tx }, plan.id),
				() => change(owner, plan.id, nodeId, last?.id ?? ""),
			);
			await expect(attempt).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(`This plan is ${state}`) });
		});
});

describe("deletePlan and restorePlan", () => {
	test("hide the plan with all that is in it, and bring it back as it was", async () => {
		const scene = await buildScene(database.db);
		const { owner } = scene;
		const request = await ask(scene);
		const { plan_id: planId, node_id: nodeId } = request;
		const before = await getPlanTree(owner, planId);
		await deletePlan(owner, planId, 1);
		expect(await titles(owner)).toEqual([]);
		expect(await titles(owner, { deleted: true })).toEqual([before.plan.title]);
		await expect(getPlanTree(owner, planId)).rejects.toThrow(NotFoundError);
		await expect(getNode(owner, nodeId)).rejects.toThrow(NotFoundError);
		await expect(getRequest(owner, request.id)).rejects.toThrow(NotFoundError);
		expect((await listRequests(owner, { limit: 10 })).items).toEqual([]);
		await expect(ask(scene)).rejects.toThrow("This plan is deleted. Restore it first.");
		await expect(deletePlan(owner, planId, null)).rejects.toThrow(ConflictError);

		const restored = await restorePlan(owner, planId);
		expect(restored).toEqual({ ...before.plan, version: 3, updated_at: restored.updated_at });
		expect((await getPlanTree(owner, planId)).nodes).toEqual(before.nodes);
		expect((await getRequest(owner, request.id)).request.id).toBe(request.id);
		await expect(restorePlan(owner, planId)).rejects.toThrow(ConflictError);
		for (const type of ["plan.deleted", "plan.restored"]) {
			expect(await recorded(events, planId, type)).toHaveLength(1);
			expect(await recorded(auditLogs, planId, type)).toHaveLength(1);
		}
	});

	test("are for the plan's admins, also when it is archived; the bin shows what one may restore", async () => {
		const { owner, plan } = await buildPlan();
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(deletePlan(editor, plan.id, null)).rejects.toThrow(ForbiddenError);
		const { id: mine } = await createPlan(editor, { title: "Mine", description: "" });
		await updatePlan(editor, mine, { status: "archived" }, null);
		await deletePlan(editor, mine, null);
		await deletePlan(owner, plan.id, null);
		expect(await titles(editor, { deleted: true })).toEqual(["Mine"]);
		await expect(restorePlan(editor, plan.id)).rejects.toThrow(ForbiddenError);
		await expect(restorePlan(await buildMember(database.db, owner.projectId, "guest"), mine)).rejects.toThrow(ForbiddenError);
		expect(await restorePlan(editor, mine)).toMatchObject({ status: "archived" });
	});

	test("of a stale version, or in a race with an edit, delete nothing", async () => {
		const { owner, plan } = await buildPlan();
		await expect(deletePlan(owner, plan.id, 2)).rejects.toThrow(PreconditionFailedError);
		const attempt = raceAgainst(
			database.db,
			(tx) => updatePlan({ ...owner, db: tx }, plan.id, { title: "Other" }, null),
			() => deletePlan(owner, plan.id, 1),
		);
		await expect(attempt).rejects.toThrow(PreconditionFailedError);
		expect(await titles(owner)).toEqual(["Other"]);
	});
});

describe("duplicatePlan", () => {
	test("copies the tree as a draft of whoever does it, and nothing that happened in it", async () => {
		const scene = await buildScene(database.db);
		const { owner, projectId } = scene;
		const { plan_id: planId, node_id: rootId } = await ask(scene);
		const texts = { agentInstructions: "Briefly", acceptanceCriteria: "It is short", dueAt: new Date("2027-03-01T09:00:00Z") };
		const child = await buildNode(database.db, projectId, { planId, parentId: rootId, title: "Child", status: "completed", ...texts });
		await buildNode(database.db, projectId, { planId, parentId: child.id, title: "Grandchild", kind: "milestone" });
		await updateNode(owner, child.id, { labels: ["docs"] }, null);
		const other = await buildNode(database.db, projectId, { title: "Of another plan" });
		await database.db.orm.insert(planNodeDependencies).values([
			{ projectId, kind: "blocks", upstreamId: child.id, downstreamId: rootId },
			{ projectId, kind: "relates_to", upstreamId: rootId, downstreamId: child.id },
			{ projectId, kind: "blocks", upstreamId: other.id, downstreamId: child.id },
		]);
		const editor = await buildMember(database.db, projectId, "editor");

		const copy = await duplicatePlan(editor, planId, {});
		expect(copy).toMatchObject({ title: "Launch (copy)", status: "draft", visibility: "project", role: "admin", version: 1 });
		const [original, copied] = [await readWholePlan(owner, planId), await readWholePlan(owner, copy.id)];
		const shape = ({ nodes }: typeof original) =>
			nodes
				.map(({ title, kind, position, agent_instructions, acceptance_criteria, due_at, labels, parent_id }) => ({
					...{ title, kind, position, agent_instructions, acceptance_criteria, due_at, labels },
					under: nodes.find(({ id }) => id === parent_id)?.title ?? null,
				}))
				.sort((one, other) => one.title.localeCompare(other.title));
		expect(shape(copied)).toEqual(shape(original));
		const idOf = (sought: string) => copied.nodes.find(({ title }) => title === sought)?.id ?? "";
		const [copyOfRoot, copyOfChild] = [idOf(original.nodes.find(({ id }) => id === rootId)?.title ?? ""), idOf("Child")];
		const { rows: dependencies } = await database.db.pool.query(
			"select kind, upstream_id, downstream_id from plan_node_dependencies where upstream_id = any($1) or downstream_id = any($1) order by kind",
			[copied.nodes.map(({ id }) => id)],
		);
		const [first, second] = [copyOfRoot, copyOfChild].sort();
		expect(dependencies).toEqual([
			{ kind: "blocks", upstream_id: copyOfChild, downstream_id: copyOfRoot },
			{ kind: "relates_to", upstream_id: first, downstream_id: second },
		]);
		expect(new Set(copied.nodes.map(({ status, version }) => `${status} ${version}`))).toEqual(new Set(["not_started 1"]));
		expect(original.nodes.some(({ id }) => copied.nodes.some((node) => node.id === id))).toBe(false);
		expect((await listRequests(owner, { limit: 10 })).items.map((request) => request.plan.id)).toEqual([planId]);
		expect(await recorded(events, copy.id, "plan.created")).toEqual([{ title: "Launch (copy)", copy_of: planId }]);
	});

	test("keeps a private plan private, cuts a long title, and is for who may make plans", async () => {
		const { owner, plan } = await buildPlan();
		await database.db.orm
			.update(plans)
			.set({ visibility: "private", title: "x".repeat(200) })
			.where(eq(plans.id, plan.id));
		const copy = await duplicatePlan(owner, plan.id, {});
		expect(copy).toMatchObject({ visibility: "private", title: `${"x".repeat(193)} (copy)` });
		expect(await duplicatePlan(owner, plan.id, { title: "Mine", visibility: "project" })).toMatchObject({
			title: "Mine",
			visibility: "project",
		});
		await expect(duplicatePlan(await buildMember(database.db, owner.projectId, "viewer"), plan.id, {})).rejects.toThrow(ForbiddenError);
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(duplicatePlan(editor, plan.id, {})).rejects.toThrow(NotFoundError);
		await database.db.orm
			.insert(planCollaborators)
			.values({ projectId: owner.projectId, planId: plan.id, userId: userIdOf(editor), role: "editor" });
		await expect(duplicatePlan(editor, plan.id, { visibility: "project" })).rejects.toThrow(ForbiddenError);
		expect(await duplicatePlan(editor, plan.id, {})).toMatchObject({ visibility: "private" });
	});
});
