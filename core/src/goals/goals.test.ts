import { type CreateGoalInput, maxGoalDepth, maxGoals, type UpdateGoalInput } from "@agentplanner/contracts";
import { asc, eq, events, goals, planNodes, plans, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildMember, buildNode, buildProject, userIdOf } from "../testing.ts";
import { deleteExpired } from "../upkeep/delete-expired.ts";
import { createGoal } from "./create-goal.ts";
import { deleteGoal } from "./delete-goal.ts";
import { getGoal } from "./get-goal.ts";
import { linkGoal } from "./link-goal.ts";
import { listGoals } from "./list-goals.ts";
import { restoreGoal } from "./restore-goal.ts";
import { unlinkGoal } from "./unlink-goal.ts";
import { updateGoal } from "./update-goal.ts";

let database: TestDatabase;
let owner: ProjectContext;
beforeAll(async () => {
	database = await createTestDatabase();
});
beforeEach(async () => {
	owner = await buildProject(database.db);
});
afterAll(() => database.drop());

const set = (title: string, more: Partial<CreateGoalInput> = {}) =>
	createGoal(owner, {
		...{ title, parent_id: null, description: "", status: "active", owner_user_id: null, target_date: null, criteria: [] },
		...more,
	});
const update = (goalId: string, input: UpdateGoalInput, version: number | null = null) => updateGoal(owner, goalId, input, version);
const calls = { title: "Calls a week", unit: "calls", start: 40, target: 10, current: 31 };
const said = async (goalId: string) =>
	(await database.db.orm.select().from(events).where(eq(events.subjectId, goalId)).orderBy(asc(events.id))).map(({ type }) => type);

describe("a goal", () => {
	test("is set, read, listed newest first by status, and edited at its version", async () => {
		const ownerId = userIdOf(owner);
		const goal = await set("Fewer calls", { owner_user_id: ownerId, target_date: "2027-03-01", criteria: [calls] });
		expect(goal).toMatchObject({ status: "active", owner_user_id: ownerId, target_date: "2027-03-01", links: [], version: 1 });
		const draft = await set("Later", { status: "draft" });
		expect(await getGoal(owner, goal.id)).toEqual(goal);
		const first = await listGoals(owner, { limit: 1 });
		expect(first).toEqual({ items: [draft], next_cursor: draft.id });
		expect(await listGoals(owner, { limit: 1, cursor: draft.id })).toEqual({ items: [goal], next_cursor: null });
		expect((await listGoals(owner, { limit: 5, status: "active" })).items).toEqual([goal]);

		const met = await update(goal.id, { status: "achieved", criteria: [{ ...calls, current: 10 }] }, 1);
		expect(met).toMatchObject({ status: "achieved", percent: 100, version: 2, criteria: [{ current: 10, percent: 100 }] });
		await expect(update(goal.id, { title: "Stale" }, 1)).rejects.toThrow(PreconditionFailedError);
		expect(await update(goal.id, {}, 2)).toEqual(met);
		expect(await said(goal.id)).toEqual(["goal.created", "goal.updated", "goal.status.changed"]);
	});

	test("overtaken by another edit, an edit is a conflict", async () => {
		const { id } = await set("Fewer calls");
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(goals).set({ version: sql`version + 1` }).where(eq(goals.id, id)),
			() => update(id, { title: "Mine" }),
		);
		await expect(attempt).rejects.toThrow(ConflictError);
	});

	test("a viewer reads and nothing more; another project doesn't know it", async () => {
		const { id } = await set("Fewer calls");
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		const stranger = await buildProject(database.db);
		const { planId } = await buildNode(database.db, owner.projectId);
		expect(await getGoal(viewer, id)).toMatchObject({ id });
		const acts = (ctx: ProjectContext) => [
			() => updateGoal(ctx, id, { title: "X" }, null),
			() => deleteGoal(ctx, id),
			() => restoreGoal(ctx, id),
			() => linkGoal(ctx, id, { plan_id: planId, node_id: null }),
			() => unlinkGoal(ctx, id, id),
		];
		for (const act of acts(viewer)) await expect(act()).rejects.toThrow(ForbiddenError);
		for (const act of [...acts(stranger), () => getGoal(stranger, id)]) await expect(act()).rejects.toThrow(NotFoundError);
		expect((await listGoals(stranger, { limit: 5 })).items).toEqual([]);
	});

	test("belongs to a member, or to nobody", async () => {
		const stranger = userIdOf(await buildProject(database.db));
		await expect(set("X", { owner_user_id: stranger })).rejects.toMatchObject({ fields: [{ field: "body.owner_user_id" }] });
	});
});

describe("goals below goals", () => {
	test("never in a circle, not below another project's, and at most ten levels", async () => {
		const top = await set("Top");
		const below = await set("Below", { parent_id: top.id });
		for (const parent_id of [top.id, below.id, (await buildNode(database.db, owner.projectId)).id]) {
			const attempt = update(top.id, { parent_id });
			await expect(attempt).rejects.toThrow(UnprocessableError);
			await expect(attempt).rejects.toMatchObject({ fields: [{ field: "body.parent_id" }] });
		}
		let deepest = below.id;
		for (let level = 3; level <= maxGoalDepth; level += 1) deepest = (await set(`${level}`, { parent_id: deepest })).id;
		await expect(set("Too deep", { parent_id: deepest })).rejects.toThrow(UnprocessableError);
		await expect(update(top.id, { parent_id: (await set("Above")).id })).rejects.toThrow(UnprocessableError);
	});

	test("of two moves that would make a circle together, the second is refused", async () => {
		const [one, other] = [await set("One"), await set("Other")];
		const attempt = raceAgainst(
			database.db,
			(tx) => updateGoal({ ...owner, db: tx }, one.id, { parent_id: other.id }, null),
			() => update(other.id, { parent_id: one.id }),
		);
		await expect(attempt).rejects.toThrow("A goal can't stand below itself");
	});

	test("one with others below it stays; deleted, it is gone for all but restoring, for thirty days", async () => {
		const top = await set("Top");
		const below = await set("Below", { parent_id: top.id });
		await expect(deleteGoal(owner, top.id)).rejects.toThrow(ConflictError);
		await deleteGoal(owner, below.id);
		await expect(getGoal(owner, below.id)).rejects.toThrow(NotFoundError);
		await expect(update(below.id, { title: "X" })).rejects.toThrow(NotFoundError);
		await deleteGoal(owner, top.id);
		expect((await listGoals(owner, { limit: 5 })).items).toEqual([]);
		expect(await restoreGoal(owner, below.id)).toMatchObject({ id: below.id, parent_id: null, version: 3 });
		await expect(restoreGoal(owner, below.id)).rejects.toThrow(NotFoundError);
		expect(await said(below.id)).toEqual(["goal.created", "goal.deleted", "goal.restored"]);
		await database.db.orm.update(goals).set({ deletedAt: sql`now() - interval '31 days'` }).where(eq(goals.id, top.id));
		expect((await deleteExpired(owner)).goals).toBe(1);
	});
});

test("a deleted one stays so where the project is full by now", async () => {
	const [deleted, other] = [await set("Deleted"), await set("Other")];
	await deleteGoal(owner, deleted.id);
	await database.db.orm.execute(sql`
		insert into goals (project_id, title, description, status, criteria)
		select project_id, title, description, status, criteria from goals, generate_series(2, ${maxGoals}::int) where id = ${other.id}`);
	await expect(restoreGoal(owner, deleted.id)).rejects.toThrow(UnprocessableError);
});

describe("how far a goal is", () => {
	test("leaves out a node that is cancelled, or stands below what is", async () => {
		const { planId, id: cancelled } = await buildNode(database.db, owner.projectId, { kind: "phase", status: "cancelled" });
		const phase = await buildNode(database.db, owner.projectId, { planId, kind: "phase", parentId: cancelled });
		const done = await buildNode(database.db, owner.projectId, { planId, parentId: phase.id, status: "completed" });
		const goal = await set("Goal");
		for (const node_id of [cancelled, phase.id, done.id])
			expect((await linkGoal(owner, goal.id, { plan_id: planId, node_id })).links.at(-1)).toMatchObject({ node_id, percent: null });
		expect((await linkGoal(owner, goal.id, { plan_id: planId, node_id: null })).percent).toBeNull();
	});

	test("is the mean of its criteria, its links, and the goals below it that are at work", async () => {
		const { planId, id: nodeId } = await buildNode(database.db, owner.projectId, { status: "completed" });
		for (const status of ["not_started", "in_progress", "blocked", "cancelled"] as const)
			await buildNode(database.db, owner.projectId, { planId, status, position: `b${status}` });
		await buildNode(database.db, owner.projectId, { planId, kind: "phase", status: "completed", position: "c" });
		expect((await set("Nothing to count")).percent).toBeNull();

		const goal = await set("Goal", { criteria: [calls] });
		expect(goal).toMatchObject({ percent: 30, criteria: [{ percent: 30 }] });
		const linked = await linkGoal(owner, goal.id, { plan_id: planId, node_id: null });
		expect(linked).toMatchObject({ percent: 27, links: [{ plan_id: planId, plan_title: "Launch", node_id: null, percent: 25 }] });
		expect(await linkGoal(owner, goal.id, { plan_id: planId, node_id: nodeId })).toMatchObject({
			percent: 51,
			links: [{}, { percent: 100 }],
		});
		await set("Draft", { parent_id: goal.id, status: "draft", criteria: [calls] });
		await set("Abandoned", { parent_id: goal.id, status: "abandoned", criteria: [calls] });
		await set("Uncountable", { parent_id: goal.id });
		expect((await getGoal(owner, goal.id)).percent).toBe(51);
		await set("Achieved", { parent_id: goal.id, status: "achieved" });
		expect((await getGoal(owner, goal.id)).percent).toBe(63);
	});

	test("a criterion that went back, or beyond its target, stays between 0 and 100; all but one of many is not 100", async () => {
		const { planId } = await buildNode(database.db, owner.projectId);
		await database.db.pool.query(
			`insert into plan_nodes (project_id, plan_id, kind, title, status, position)
			select project_id, plan_id, kind, title, 'completed', 'b' || n from plan_nodes, generate_series(1, 299) n where plan_id = $1`,
			[planId],
		);
		const goal = await set("Goal", {
			criteria: [
				{ ...calls, current: 50 },
				{ ...calls, current: 5 },
			],
		});
		expect(goal.criteria.map(({ percent }) => percent)).toEqual([0, 100]);
		expect((await linkGoal(owner, goal.id, { plan_id: planId, node_id: null })).links[0]?.percent).toBe(99);
	});
});

describe("links", () => {
	test("are made once, found from the plan, and taken away; a deleted node takes its link out of sight", async () => {
		const { planId, id: nodeId } = await buildNode(database.db, owner.projectId);
		const goal = await set("Goal");
		await linkGoal(owner, goal.id, { plan_id: planId, node_id: nodeId });
		const { links } = await linkGoal(owner, goal.id, { plan_id: planId, node_id: nodeId });
		expect(links).toMatchObject([{ plan_id: planId, node_id: nodeId, node_title: "Write the announcement", percent: 0 }]);
		expect((await listGoals(owner, { limit: 5, plan_id: planId })).items.map(({ id }) => id)).toEqual([goal.id]);
		await database.db.orm.update(planNodes).set({ deletedAt: sql`now()` }).where(eq(planNodes.id, nodeId));
		expect((await getGoal(owner, goal.id)).links).toEqual([]);
		await database.db.orm.update(planNodes).set({ deletedAt: null }).where(eq(planNodes.id, nodeId));
		expect(await unlinkGoal(owner, goal.id, links[0]?.id ?? "")).toMatchObject({ links: [], percent: null });
		await expect(unlinkGoal(owner, goal.id, links[0]?.id ?? "")).rejects.toThrow(NotFoundError);
		expect((await listGoals(owner, { limit: 5, plan_id: planId })).items).toEqual([]);
		expect(await said(goal.id)).toEqual(["goal.created", "goal.linked", "goal.unlinked"]);
	});

	test("lead to what is there, and to a node of that very plan", async () => {
		const [one, other] = [await buildNode(database.db, owner.projectId), await buildNode(database.db, owner.projectId)];
		const elsewhere = await buildNode(database.db, (await buildProject(database.db)).projectId);
		const { id } = await set("Goal");
		for (const [plan_id, node_id, field] of [
			[one.planId, other.id, "body.node_id"],
			[elsewhere.planId, null, "body.plan_id"],
			[one.id, null, "body.plan_id"],
		] as const)
			await expect(linkGoal(owner, id, { plan_id, node_id })).rejects.toMatchObject({ code: "unprocessable", fields: [{ field }] });
	});

	test("are fifty at most, those included that one may not see; one that is there already is no more", async () => {
		const { planId } = await buildNode(database.db, owner.projectId);
		const goal = await set("Goal");
		await database.db.pool.query(
			`with nodes as (
				insert into plan_nodes (project_id, plan_id, kind, title, status, position)
				select project_id, id, 'task', 'T', 'not_started', 'c' || n from plans, generate_series(1, 49) n where id = $1 returning *
			)
			insert into goal_links (project_id, goal_id, plan_id, node_id) select project_id, $2, plan_id, id from nodes`,
			[planId, goal.id],
		);
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, planId));
		const editor = await buildMember(database.db, owner.projectId, "editor");
		const [last, oneMore] = [await buildNode(database.db, owner.projectId), await buildNode(database.db, owner.projectId)];
		for (const _ of [1, 2]) expect((await linkGoal(editor, goal.id, { plan_id: last.planId, node_id: null })).links).toHaveLength(1);
		await expect(linkGoal(editor, goal.id, { plan_id: oneMore.planId, node_id: null })).rejects.toThrow("at most 50 links");
		expect((await getGoal(owner, goal.id)).links).toHaveLength(50);
	});

	test("to a private plan are there for those alone who see it, and count for them alone", async () => {
		const { planId } = await buildNode(database.db, owner.projectId, { status: "completed" });
		const goal = await set("Goal", { criteria: [{ ...calls, current: 40 }] });
		await linkGoal(owner, goal.id, { plan_id: planId, node_id: null });
		const editor = await buildMember(database.db, owner.projectId, "editor");
		expect(await getGoal(editor, goal.id)).toMatchObject({ percent: 50, links: [{ plan_id: planId }] });
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, planId));
		expect(await getGoal(editor, goal.id)).toMatchObject({ percent: 0, links: [] });
		expect((await listGoals(editor, { limit: 5, plan_id: planId })).items).toEqual([]);
		await expect(linkGoal(editor, goal.id, { plan_id: planId, node_id: null })).rejects.toThrow(UnprocessableError);
		expect(await getGoal(owner, goal.id)).toMatchObject({ percent: 50, links: [{ plan_id: planId }] });
	});
});
