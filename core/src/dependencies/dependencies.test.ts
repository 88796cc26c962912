import { and, eq, planNodeDependencies, planNodes, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, DomainError, ForbiddenError, NotFoundError } from "../errors.ts";
import { duplicatePlan } from "../plans/duplicate-plan.ts";
import { getPlanTree } from "../plans/get-plan-tree.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { updatePlan } from "../plans/update-plan.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildMember, buildNode, buildProject } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { getReadiness } from "./get-readiness.ts";
import { listNodeDependencies } from "./list-node-dependencies.ts";
import { listPlanDependencies } from "./list-plan-dependencies.ts";
import { removeDependency } from "./remove-dependency.ts";
import { buildPlan, countDependencies, eventsOf, hide, waitingFor } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const firstPage = { limit: 50 };

describe("addDependency", () => {
	test("links two nodes, of one plan or of two, and both show it from their side", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "a b");
		const other = await buildPlan(database.db, owner, "c");
		const added = await addDependency(owner, id("b"), { relation: "blocked_by", node_id: id("a") });
		expect(added).toMatchObject({ relation: "blocked_by", node: { id: id("a"), title: "a", plan_id: planId, finished: false } });
		await addDependency(owner, id("b"), { relation: "blocks", node_id: other.id("c") });
		const related = await addDependency(owner, id("a"), { relation: "relates_to", node_id: other.id("c") });

		const seenFrom = async (nodeId: string) =>
			(await listNodeDependencies(owner, nodeId, firstPage)).items.map(({ relation, node }) => `${relation} ${node.title}`);
		expect(await seenFrom(id("a"))).toEqual(["relates_to c", "blocks b"]);
		expect(await seenFrom(id("b"))).toEqual(["blocks c", "blocked_by a"]);
		expect(await seenFrom(other.id("c"))).toEqual(["relates_to a", "blocked_by b"]);
		expect(await waitingFor(owner, other.id("c"))).toEqual(["b"]);
		expect((await listPlanDependencies(owner, other.planId, firstPage)).items).toMatchObject([
			{ id: related.id, kind: "relates_to" },
			{ kind: "blocks", upstream: { title: "b" }, downstream: { title: "c" } },
		]);
		expect(await eventsOf(owner, id("b"))).toEqual([
			{
				type: "node.dependency.added",
				subjectId: id("b"),
				data: expect.objectContaining({ plan_id: planId, node_id: id("b"), kind: "blocks", upstream_id: id("a"), dependency_id: added.id }),
			},
		]);
	});

	test("lists come in pages", async () => {
		const owner = await buildProject(database.db);
		const { id, planId } = await buildPlan(database.db, owner, "a b c d", ["a>b", "a>c", "a>d"]);
		for (const list of [
			(query: { limit: number; cursor?: string }) => listNodeDependencies(owner, id("a"), query),
			(query: { limit: number; cursor?: string }) => listPlanDependencies(owner, planId, query),
		]) {
			const first = await list({ limit: 2 });
			expect(first.items).toHaveLength(2);
			const second = await list({ limit: 2, cursor: first.next_cursor ?? "" });
			expect(second).toMatchObject({ items: [expect.anything()], next_cursor: null });
		}
	});

	test("twice is a conflict, in whichever way it is said; with itself it can't be", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b", ["a>b"]);
		await expect(addDependency(owner, id("a"), { relation: "blocks", node_id: id("b") })).rejects.toThrow(ConflictError);
		await addDependency(owner, id("a"), { relation: "relates_to", node_id: id("b") });
		await expect(addDependency(owner, id("b"), { relation: "relates_to", node_id: id("a") })).rejects.toThrow(ConflictError);
		await expect(addDependency(owner, id("a"), { relation: "blocks", node_id: id("a") })).rejects.toThrow("can't be linked to itself");
		expect(await countDependencies(owner)).toBe(2);
	});

	test("takes an editor where the waiting node is, and a look at the other one", async () => {
		const owner = await buildProject(database.db);
		const [viewer, editor] = [
			await buildMember(database.db, owner.projectId, "viewer"),
			await buildMember(database.db, owner.projectId, "editor"),
		];
		const { id } = await buildPlan(database.db, owner, "a b");
		const secret = await buildPlan(database.db, owner, "s t", ["s>t"]);
		await hide(owner, secret.planId);
		await expect(addDependency(viewer, id("a"), { relation: "blocks", node_id: id("b") })).rejects.toThrow(ForbiddenError);
		await expect(addDependency(editor, secret.id("s"), { relation: "blocks", node_id: id("b") })).rejects.toThrow(NotFoundError);
		await expect(addDependency(editor, id("a"), { relation: "blocked_by", node_id: secret.id("s") })).rejects.toMatchObject({
			code: "unprocessable",
			fields: [{ field: "body.node_id" }],
		});
		const stranger = await buildProject(database.db);
		await expect(addDependency(stranger, id("a"), { relation: "blocks", node_id: id("b") })).rejects.toThrow(NotFoundError);
		expect(await countDependencies(owner)).toBe(1);
	});

	test("ties nothing to an archived plan, in whichever way; what is there stays", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a");
		const old = await buildPlan(database.db, owner, "x y");
		await addDependency(owner, id("a"), { relation: "blocked_by", node_id: old.id("y") });
		await database.db.orm.update(plans).set({ title: "Old", status: "archived" }).where(eq(plans.id, old.planId));
		for (const relation of ["blocked_by", "relates_to", "blocks"] as const)
			await expect(addDependency(owner, id("a"), { relation, node_id: old.id("x") })).rejects.toMatchObject({
				code: "conflict",
				message: expect.stringContaining("“Old” is archived"),
				fields: [{ field: "body.node_id" }],
			});
		expect(await waitingFor(owner, id("a"))).toEqual(["y"]);
	});

	test.each(["here", "there"])("ties nothing to a plan that is archived in the same moment: %s", async (where) => {
		const owner = await buildProject(database.db);
		const here = await buildPlan(database.db, owner, "a");
		const there = await buildPlan(database.db, owner, "x");
		const { planId } = where === "here" ? here : there;
		const attempt = raceAgainst(
			database.db,
			(tx) => updatePlan({ ...owner, db: tx }, planId, { status: "archived" }, null),
			() => addDependency(owner, here.id("a"), { relation: "blocked_by", node_id: there.id("x") }),
		);
		await expect(attempt).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("is archived") });
		expect(await countDependencies(owner)).toBe(0);
	});

	test("what waits for a node in a hidden plan says so, without naming it", async () => {
		const owner = await buildProject(database.db);
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		const { id } = await buildPlan(database.db, owner, "a b", ["a>b"]);
		const secret = await buildPlan(database.db, owner, "s");
		await addDependency(owner, id("b"), { relation: "blocked_by", node_id: secret.id("s") });
		await hide(owner, secret.planId);
		expect(await getReadiness(viewer, id("b"))).toMatchObject({
			ready: false,
			waiting_count: 2,
			hidden_count: 1,
			waiting_for: [{ node: { title: "a" } }],
		});
		expect((await listNodeDependencies(viewer, id("b"), firstPage)).items).toHaveLength(1);
		const circle = addDependency(await buildMember(database.db, owner.projectId, "editor"), id("a"), {
			relation: "blocked_by",
			node_id: id("b"),
		});
		await expect(circle).rejects.toThrow("“a” blocks “b”");
	});
});

describe("removeDependency", () => {
	test("unlinks, and unblocks what waited for nothing else", async () => {
		const owner = await buildProject(database.db);
		const { id, block, nodeOf } = await buildPlan(database.db, owner, "a b c", ["a>c"]);
		const { id: dependencyId } = await block("b>c");
		await setNodeStatus(owner, id("c"), { status: "blocked" }, null);
		const [other] = (await listNodeDependencies(owner, id("a"), firstPage)).items;
		await removeDependency(owner, other?.id ?? "");
		expect(await nodeOf("c")).toMatchObject({ status: "blocked" });
		await removeDependency(owner, dependencyId);
		expect(await nodeOf("c")).toMatchObject({ status: "not_started" });
		expect((await eventsOf(owner, id("c"))).map(({ type }) => type)).toEqual([
			"node.dependency.added",
			"node.dependency.added",
			"node.dependency.removed",
			"node.dependency.removed",
			"node.unblocked",
		]);
		await expect(removeDependency(owner, dependencyId)).rejects.toThrow(NotFoundError);
	});

	test("a viewer may not; in another project it is not found; of two at once the second finds nothing", async () => {
		const owner = await buildProject(database.db);
		const { block } = await buildPlan(database.db, owner, "a b");
		const { id } = await block("a>b");
		await expect(removeDependency(await buildMember(database.db, owner.projectId, "viewer"), id)).rejects.toThrow(ForbiddenError);
		await expect(removeDependency(await buildProject(database.db), id)).rejects.toThrow(NotFoundError);
		const attempt = raceAgainst(
			database.db,
			(tx) => removeDependency({ ...owner, db: tx }, id),
			() => removeDependency(owner, id),
		);
		await expect(attempt).rejects.toThrow(NotFoundError);
	});

	test("of a hidden plan answers as one that isn't there", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a");
		const secret = await buildPlan(database.db, owner, "s t");
		const hidden = await secret.block("s>t");
		const related = await addDependency(owner, secret.id("s"), { relation: "relates_to", node_id: secret.id("t") });
		const waits = await addDependency(owner, id("a"), { relation: "blocks", node_id: secret.id("s") });
		await hide(owner, secret.planId);
		const answer = async (role: "editor" | "viewer", dependencyId: string) => {
			const ctx = await buildMember(database.db, owner.projectId, role);
			return removeDependency(ctx, dependencyId).catch((error: unknown) =>
				error instanceof DomainError ? [error.code, error.message] : error,
			);
		};
		const [nothingForEditor, nothingForViewer] = [await answer("editor", crypto.randomUUID()), await answer("viewer", crypto.randomUUID())];
		expect(nothingForEditor).toEqual(["not_found", expect.anything()]);
		for (const dependency of [hidden, related, waits]) {
			expect(await answer("editor", dependency.id)).toEqual(nothingForEditor);
			expect(await answer("viewer", dependency.id)).toEqual(nothingForViewer);
		}
		expect(nothingForViewer).toEqual(["forbidden", expect.anything()]);
		expect(await countDependencies(owner)).toBe(3);
	});
});

test("a copy of a plan has the dependencies within it", async () => {
	const owner = await buildProject(database.db);
	const { id, planId } = await buildPlan(database.db, owner, "a b", ["a>b"]);
	await addDependency(owner, id("a"), { relation: "relates_to", node_id: id("b") });
	await addDependency(owner, id("b"), { relation: "blocks", node_id: (await buildPlan(database.db, owner, "x")).id("x") });
	const copy = await duplicatePlan(owner, planId, {});
	expect((await listPlanDependencies(owner, copy.id, firstPage)).items.map(({ kind }) => kind).sort()).toEqual(["blocks", "relates_to"]);
	const { waiting, nodes } = await getPlanTree(owner, copy.id);
	expect(nodes.filter((node) => waiting.includes(node.id)).map(({ title }) => title)).toEqual(["b"]);
});

test("the database refuses a dependency on itself, the same one twice, and one between projects", async () => {
	const owner = await buildProject(database.db);
	const [a, b] = [await buildNode(database.db, owner.projectId), await buildNode(database.db, owner.projectId)];
	const stranger = await buildNode(database.db, (await buildProject(database.db)).projectId);
	const insert = (upstreamId: string, downstreamId: string) =>
		database.db.orm.insert(planNodeDependencies).values({ projectId: owner.projectId, kind: "blocks", upstreamId, downstreamId });
	await insert(a.id, b.id);
	for (const [upstream, downstream] of [
		[a.id, a.id],
		[a.id, b.id],
		[a.id, stranger.id],
		[stranger.id, b.id],
	] as const)
		await expect(insert(upstream, downstream)).rejects.toThrow();
	await database.db.orm.delete(planNodes).where(and(eq(planNodes.id, a.id), eq(planNodes.projectId, owner.projectId)));
	expect(await countDependencies(owner)).toBe(0);
});
