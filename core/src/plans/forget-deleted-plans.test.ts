import { CreateDecisionInput } from "@agentplanner/contracts";
import { agentRequests, eq, events, plans, projectMembers, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createComment } from "../comments/create-comment.ts";
import type { ProjectContext } from "../context.ts";
import { createDecision } from "../decisions/create-decision.ts";
import { ConflictError } from "../errors.ts";
import { listEvents } from "../events/list-events.ts";
import { stampEvents } from "../events/stamp-events.ts";
import { raceAgainst } from "../projects/race.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { createRequest } from "../requests/create-request.ts";
import { addCollaborator } from "../sharing/add-collaborator.ts";
import { buildContext, buildIntegration, buildMember, buildRoutedAgent, buildUser } from "../testing.ts";
import { createPlan } from "./create-plan.ts";
import { deletePlan } from "./delete-plan.ts";
import { forgetDeletedPlans } from "./forget-deleted-plans.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { listPlans } from "./list-plans.ts";
import { restorePlan } from "./restore-plan.ts";
import { buildTree } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const age = (planId: string, days: number) =>
	database.db.orm
		.update(plans)
		.set({ deletedAt: sql`now() - make_interval(days => ${days})` })
		.where(eq(plans.id, planId));

const buildAsked = async () => {
	const tree = await buildTree(database.db);
	const integration = await buildIntegration(database.db, tree.owner.projectId);
	const agent = await buildRoutedAgent(database.db, tree.owner.projectId, integration.id);
	const asked = { node_id: tree.a1, question: "Ready?", targets: [{ agent_id: agent.id }], answer_policy: { kind: "first" as const } };
	return { ...tree, request: await createRequest(tree.owner, asked) };
};

const countOf = async (ctx: ProjectContext) => {
	const { rows } = await database.db.orm.execute<Record<string, number>>(sql`
		select (select count(*)::int from plans where project_id = ${ctx.projectId}) as plans,
			(select count(*)::int from plan_nodes where project_id = ${ctx.projectId}) as nodes,
			(select count(*)::int from agent_requests where project_id = ${ctx.projectId}) as requests,
			(select count(*)::int from decision_requests where project_id = ${ctx.projectId}) as decisions,
			(select count(*)::int from plan_comments where project_id = ${ctx.projectId}) as comments,
			(select count(*)::int from timers where project_id = ${ctx.projectId}) as timers`);
	return rows[0];
};

test("a plan is gone for good after 30 days in the bin, with all that hangs on it but its events; others stay", async () => {
	const { owner, plan, a1, b1, request } = await buildAsked();
	const expires_at = new Date(Date.now() + 3_600_000).toISOString();
	await createDecision(owner, CreateDecisionInput.parse({ node_id: b1, question: "Go?", expires_at, on_expiry: "reject" }));
	await createComment(owner, { nodeId: a1 }, { text: "Well", parent_id: null });
	await cancelRequest(owner, request.id);
	await deletePlan(owner, plan.id, null);
	const kept = await buildTree(database.db);
	await deletePlan(kept.owner, kept.plan.id, null);
	await age(plan.id, 29);
	expect(await forgetDeletedPlans(owner)).toEqual({ rowCount: 0 });
	const before = await countOf(owner);
	expect(before).toMatchObject({ plans: 1, nodes: 7, requests: 1, decisions: 1, comments: 1 });
	expect(before?.timers).toBeGreaterThan(0);
	await age(plan.id, 31);
	expect(await forgetDeletedPlans(owner)).toEqual({ rowCount: 1 });
	expect(await countOf(owner)).toEqual({ plans: 0, nodes: 0, requests: 0, decisions: 0, comments: 0, timers: 0 });
	const said = await database.db.orm.select().from(events).where(eq(events.subjectId, plan.id));
	expect(said.map(({ type }) => type)).toEqual(["plan.created", "plan.deleted"]);
	while (await stampEvents(database.db));
	const read = async (ctx: ProjectContext) => (await listEvents(ctx, { limit: 50, cursor: 0, subject_id: plan.id })).items;
	expect((await read(owner)).map(({ type }) => type)).toEqual(["plan.created", "plan.deleted"]);
	expect(await read(await buildMember(database.db, owner.projectId, "viewer"))).toEqual([]);
	await restorePlan(kept.owner, kept.plan.id);
	expect((await getPlanTree(kept.owner, kept.plan.id)).nodes).toHaveLength(7);
});

test("a plan in which an answer is awaited stays until that ends", async () => {
	const { owner, plan, request } = await buildAsked();
	await deletePlan(owner, plan.id, null);
	await age(plan.id, 31);
	expect(await forgetDeletedPlans(owner)).toEqual({ rowCount: 0 });
	await database.db.orm.update(agentRequests).set({ status: "expired", closedAt: sql`now()` }).where(eq(agentRequests.id, request.id));
	expect(await forgetDeletedPlans(owner)).toEqual({ rowCount: 1 });
});

test("a plan in which an answer is awaited anew at the moment of its removal stays", async () => {
	const { owner, plan, request } = await buildAsked();
	await cancelRequest(owner, request.id);
	await deletePlan(owner, plan.id, null);
	await age(plan.id, 31);
	const forgotten = await raceAgainst(
		database.db,
		async (tx) => {
			await tx.select().from(plans).where(eq(plans.id, plan.id)).for("update");
			await tx.update(agentRequests).set({ status: "dispatched", closedAt: null }).where(eq(agentRequests.id, request.id));
		},
		() => forgetDeletedPlans(owner),
	);
	expect(forgotten).toEqual({ rowCount: 0 });
	expect(await countOf(owner)).toMatchObject({ plans: 1, nodes: 7, requests: 1 });
	await database.db.orm.delete(plans).where(eq(plans.id, plan.id));
});

test("what lay in the bin to its end is listed and restored no more", async () => {
	const { owner, plan } = await buildTree(database.db);
	await deletePlan(owner, plan.id, null);
	const listed = async () => (await listPlans(owner, { limit: 10, deleted: true })).items;
	const [item] = await listed();
	expect(Date.parse(item?.kept_until ?? "") - Date.parse(item?.deleted_at ?? "")).toBe(30 * 86_400_000);
	await age(plan.id, 31);
	expect(await listed()).toEqual([]);
	await expect(restorePlan(owner, plan.id)).rejects.toThrow(ConflictError);
});

test("a large plan goes in several transactions", async () => {
	const { owner, plan } = await buildTree(database.db);
	await database.db.orm.execute(sql`
		insert into plan_nodes (project_id, plan_id, kind, title, position)
		select ${owner.projectId}, ${plan.id}, 'task', 'Task', 'z' || number from generate_series(1, 1200) number`);
	await deletePlan(owner, plan.id, null);
	await age(plan.id, 31);
	await forgetDeletedPlans(owner);
	expect(await countOf(owner)).toMatchObject({ plans: 0, nodes: 0 });
});

test("a guest who had this plan alone leaves the project with it", async () => {
	const { owner, plan } = await buildTree(database.db);
	const other = await createPlan(owner, { title: "Other", description: "" });
	const [leaves, stays] = [await buildUser(database.db, "Grace"), await buildUser(database.db, "Alan")];
	for (const { email } of [leaves, stays]) await addCollaborator(owner, plan.id, { email, role: "viewer" });
	await addCollaborator(owner, other.id, { email: stays.email, role: "viewer" });
	await deletePlan(owner, plan.id, null);
	await age(plan.id, 31);
	await forgetDeletedPlans(buildContext(database.db));
	const guests = await database.db.orm.select().from(projectMembers).where(eq(projectMembers.role, "guest"));
	expect(guests.filter(({ projectId }) => projectId === owner.projectId).map(({ userId }) => userId)).toEqual([stays.id]);
});
