import { CreateDecisionInput } from "@agentplanner/contracts";
import { and, asc, eq, events, inArray, planNodeDependencies, planNodes, plans, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimNode } from "../claims/claim-node.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { cancelDecision } from "../decisions/cancel-decision.ts";
import { createDecision } from "../decisions/create-decision.ts";
import { ConflictError, DomainError, ForbiddenError, NotFoundError, UnprocessableError } from "../errors.ts";
import { deleteNodes } from "../plans/delete-nodes.ts";
import { deletePlan } from "../plans/delete-plan.ts";
import { duplicatePlan } from "../plans/duplicate-plan.ts";
import { getPlanTree } from "../plans/get-plan-tree.ts";
import { lockNodes } from "../plans/lock-nodes.ts";
import { moveNode } from "../plans/move-node.ts";
import { lockPlan } from "../plans/parent.ts";
import { restoreNode } from "../plans/restore-node.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { setNodeStatuses } from "../plans/set-node-statuses.ts";
import { undoPlanChange } from "../plans/undo-plan-change.ts";
import { updateNode } from "../plans/update-node.ts";
import { updatePlan } from "../plans/update-plan.ts";
import { raceAgainst, untilBlocked } from "../projects/race.ts";
import { buildMember, buildNode, buildProject } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { getReadiness } from "./get-readiness.ts";
import { listNodeDependencies } from "./list-node-dependencies.ts";
import { listPlanDependencies } from "./list-plan-dependencies.ts";
import { lockDependencies } from "./lock-dependencies.ts";
import { removeDependency } from "./remove-dependency.ts";
import { buildPlan } from "./testing.ts";
import { lockHeldUp } from "./watch-waiting.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const firstPage = { limit: 50 };
const eventsOf = async (...nodeIds: string[]) =>
	(
		await database.db.orm
			.select({ type: events.type, subjectId: events.subjectId, data: events.data })
			.from(events)
			.where(inArray(events.subjectId, nodeIds))
			.orderBy(asc(events.id))
	).filter(({ type }) => type.startsWith("node.dependency.") || type === "node.unblocked");
const countDependencies = ({ projectId }: ProjectContext) =>
	database.db.orm.$count(planNodeDependencies, eq(planNodeDependencies.projectId, projectId));
const waitingFor = async (owner: ProjectContext, nodeId: string) => {
	const { ready, waiting_for } = await getReadiness(owner, nodeId);
	expect(ready).toBe(waiting_for.length === 0);
	return waiting_for.map(({ node, through }) => (through === null ? node.title : `${node.title} (${through.title})`));
};
const hide = (planId: string) => database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, planId));

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
		expect(await eventsOf(id("b"))).toEqual([
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
		await hide(secret.planId);
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
		await hide(secret.planId);
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

describe("a circle of waiting is refused, with its way, and nothing changes:", () => {
	const refused = async (tree: string, blocks: string[], edge: string, way: string) => {
		const owner = await buildProject(database.db);
		const plan = await buildPlan(database.db, owner, tree, blocks);
		const attempt = plan.block(edge);
		await expect(attempt).rejects.toThrow(UnprocessableError);
		await expect(attempt).rejects.toThrow(`in a circle: ${way}.`);
		expect(await countDependencies(owner)).toBe(blocks.length);
	};

	test("two nodes", () => refused("a b", ["a>b"], "b>a", "“a” blocks “b”, “b” would block “a”"));
	test("a chain, by its shortest way", () =>
		refused("a b c d", ["a>b", "b>c", "c>d", "a>c"], "d>a", "“a” blocks “c”, “c” blocks “d”, “d” would block “a”"));
	test("a phase that blocks what is below it", () => refused("P(a)", [], "P>a", "“a” is part of “P”, “P” would block “a”"));
	test("a phase that waits for what is below it", () => refused("P(a)", [], "a>P", "“a” is part of “P”, “a” would block “P”"));
	test("through the tree", () =>
		refused("P(a b) Q(c)", ["P>Q"], "c>b", "“b” is part of “P”, “P” blocks “Q”, “c” is part of “Q”, “c” would block “b”"));

	test("over two plans, and over what is deleted, which may come back", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b");
		const other = await buildPlan(database.db, owner, "c");
		await addDependency(owner, id("b"), { relation: "blocks", node_id: other.id("c") });
		await addDependency(owner, id("a"), { relation: "blocks", node_id: id("b") });
		await database.db.orm
			.update(planNodes)
			.set({ deletedAt: sql`now()` })
			.where(eq(planNodes.id, id("b")));
		const attempt = addDependency(owner, other.id("c"), { relation: "blocks", node_id: id("a") });
		await expect(attempt).rejects.toThrow("“a” blocks “b” (deleted), “b” (deleted) blocks “c”, “c” would block “a”");
	});

	test("a move that closes one", async () => {
		const owner = await buildProject(database.db);
		const { id, nodeOf } = await buildPlan(database.db, owner, "P(a) Q(c) d(e)", ["P>Q", "c>d"]);
		for (const [what, parent, way] of [
			["d", "P", "“P” blocks “Q”, “c” is part of “Q”, “c” blocks “d”, “d” would be part of “P”"],
			["P", "d", "“P” blocks “Q”, “c” is part of “Q”, “c” blocks “d”, “P” would be part of “d”"],
		] as const) {
			const attempt = moveNode(owner, id(what), { parent_id: id(parent), after_id: null }, null);
			await expect(attempt).rejects.toMatchObject({ code: "unprocessable", fields: [{ field: "body.parent_id" }] });
			await expect(attempt).rejects.toThrow(`in a circle: ${way}.`);
		}
		await moveNode(owner, id("d"), { parent_id: id("Q"), after_id: null }, null);
		expect(await nodeOf("P")).toMatchObject({ parentId: null, version: 1 });
		expect(await nodeOf("d")).toMatchObject({ parentId: id("Q"), version: 2 });
	});

	test("of two halves written at once the second one waits, and is refused", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b");
		const attempt = raceAgainst(
			database.db,
			(tx) => addDependency({ ...owner, db: tx }, id("a"), { relation: "blocks", node_id: id("b") }),
			() => addDependency(owner, id("b"), { relation: "blocks", node_id: id("a") }),
		);
		await expect(attempt).rejects.toThrow("in a circle");
		expect(await countDependencies(owner)).toBe(1);
	});

	test("also where the other half is a move in another plan", async () => {
		const owner = await buildProject(database.db);
		const one = await buildPlan(database.db, owner, "P a");
		const other = await buildPlan(database.db, owner, "x");
		await addDependency(owner, one.id("P"), { relation: "blocks", node_id: other.id("x") });
		const attempt = raceAgainst(
			database.db,
			(tx) => moveNode({ ...owner, db: tx }, one.id("a"), { parent_id: one.id("P"), after_id: null }, null),
			() => addDependency(owner, one.id("a"), { relation: "blocked_by", node_id: other.id("x") }),
		);
		await expect(attempt).rejects.toThrow("“a” is part of “P”, “P” blocks “x”, “x” would block “a”");
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
		expect((await eventsOf(id("c"))).map(({ type }) => type)).toEqual([
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
		await hide(secret.planId);
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

describe("waiting", () => {
	test("ends when what blocks is completed or cancelled, and begins again when it is reopened", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b c", ["a>c", "b>c"]);
		expect(await waitingFor(owner, id("c"))).toEqual(["a", "b"]);
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		await setNodeStatus(owner, id("b"), { status: "cancelled" }, null);
		expect(await waitingFor(owner, id("c"))).toEqual([]);
		await setNodeStatus(owner, id("a"), { status: "in_progress" }, null);
		expect(await waitingFor(owner, id("c"))).toEqual(["a"]);
	});

	test("goes down the tree, and ends with the phase above, whose tasks are all finished", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "P(a Q(b)) R(c(d)) E", ["P>R", "E>R"]);
		expect(await waitingFor(owner, id("d"))).toEqual(["P (R)", "E (R)"]);
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await waitingFor(owner, id("d"))).toEqual(["P (R)", "E (R)"]);
		await setNodeStatus(owner, id("b"), { status: "completed" }, null);
		// A phase with nothing in it is finished by hand alone.
		expect(await waitingFor(owner, id("d"))).toEqual(["E (R)"]);
		await setNodeStatus(owner, id("E"), { status: "completed" }, null);
		expect(await waitingFor(owner, id("d"))).toEqual([]);
		expect((await eventsOf(id("R"), id("d"))).filter(({ type }) => type === "node.unblocked")).toEqual([
			expect.objectContaining({ subjectId: id("R"), data: expect.objectContaining({ upstream_ids: [id("E")] }) }),
		]);
	});

	test("a phase is over with its subphases, whatever is left in one that was cancelled", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "P(a Q(b)) c", ["P>c"]);
		await setNodeStatus(owner, id("Q"), { status: "cancelled" }, null);
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await waitingFor(owner, id("c"))).toEqual([]);
	});

	test("is for nothing that is deleted, itself or with its plan", async () => {
		const owner = await buildProject(database.db);
		const { id } = await buildPlan(database.db, owner, "a b", ["a>b"]);
		const other = await buildPlan(database.db, owner, "x");
		await addDependency(owner, id("b"), { relation: "blocked_by", node_id: other.id("x") });
		await database.db.orm
			.update(planNodes)
			.set({ deletedAt: sql`now()` })
			.where(eq(planNodes.id, id("a")));
		expect(await waitingFor(owner, id("b"))).toEqual(["x"]);
		await database.db.orm.update(plans).set({ deletedAt: sql`now()` }).where(eq(plans.id, other.planId));
		expect(await waitingFor(owner, id("b"))).toEqual([]);
		expect((await listNodeDependencies(owner, id("b"), firstPage)).items).toEqual([]);
	});
});

test("whoever may not set a node's status is refused before any lock, so they make nobody wait", async () => {
	const owner = await buildProject(database.db);
	const { id } = await buildPlan(database.db, owner, "a");
	const stranger = { ...(await buildProject(database.db)), projectId: owner.projectId };
	await inTransaction(owner, async (tx) => {
		await lockDependencies(tx);
		for (const status of ["completed", "blocked"] as const)
			await expect(setNodeStatus(stranger, id("a"), { status }, null)).rejects.toThrow(NotFoundError);
	});
});

describe("a node in the status blocked", () => {
	const blockedWhileWaiting = async (untilUnblocked?: boolean) => {
		const owner = await buildProject(database.db);
		const plan = await buildPlan(database.db, owner, "a b c", ["a>c", "b>c"]);
		await setNodeStatus(owner, plan.id("c"), { status: "in_progress" }, null);
		const until = untilUnblocked === undefined ? {} : { until_unblocked: untilUnblocked };
		await setNodeStatus(owner, plan.id("c"), { status: "blocked", ...until }, null);
		return { owner, ...plan };
	};

	test("goes back to what it was once the last thing it waits for is finished", async () => {
		const { owner, id, nodeOf } = await blockedWhileWaiting();
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await nodeOf("c")).toMatchObject({ status: "blocked" });
		await setNodeStatus(owner, id("b"), { status: "cancelled" }, null);
		expect(await nodeOf("c")).toMatchObject({ status: "in_progress", blockedFrom: null, blockedBy: null });
		expect((await eventsOf(id("c"))).at(-1)).toMatchObject({ type: "node.unblocked", data: { upstream_ids: [id("b")] } });
	});

	test("stays where a person blocked it for something else", async () => {
		const { owner, id, nodeOf } = await blockedWhileWaiting(false);
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		await setNodeStatus(owner, id("b"), { status: "completed" }, null);
		expect(await nodeOf("c")).toMatchObject({ status: "blocked" });
		expect((await eventsOf(id("c"))).at(-1)).toMatchObject({ type: "node.unblocked" });
	});

	test("can't wait for what isn't there", async () => {
		const owner = await buildProject(database.db);
		const { id, nodeOf } = await buildPlan(database.db, owner, "a");
		const attempt = setNodeStatus(owner, id("a"), { status: "blocked", until_unblocked: true }, null);
		await expect(attempt).rejects.toMatchObject({ code: "unprocessable", fields: [{ field: "body.until_unblocked" }] });
		expect(await nodeOf("a")).toMatchObject({ status: "not_started" });
	});

	test("below a phase that waited goes back, too; and by a move to where nothing holds it", async () => {
		const owner = await buildProject(database.db);
		const { id, nodeOf } = await buildPlan(database.db, owner, "a P(b c)", ["a>P"]);
		for (const name of ["b", "c"]) await setNodeStatus(owner, id(name), { status: "blocked" }, null);
		expect(await moveNode(owner, id("c"), { parent_id: null, after_id: null }, null)).toMatchObject({ status: "not_started" });
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await nodeOf("b")).toMatchObject({ status: "not_started" });
	});

	test("goes back when what it waits for is finished by becoming a phase, or by what becomes one below it", async () => {
		const owner = await buildProject(database.db);
		const { id, nodeOf } = await buildPlan(database.db, owner, "P(a b) c d(e) f", ["P>c", "d>f"]);
		for (const name of ["a", "e"]) await setNodeStatus(owner, id(name), { status: "completed" }, null);
		for (const [kind, waiting] of [
			["b", "c"],
			["d", "f"],
		] as const) {
			await setNodeStatus(owner, id(waiting), { status: "blocked" }, null);
			await updateNode(owner, id(kind), { kind: "phase" }, null);
			expect(await waitingFor(owner, id(waiting))).toEqual([]);
			expect(await nodeOf(waiting)).toMatchObject({ status: "not_started" });
		}
	});

	test("goes back as soon as it is restored, where what it waited for has ended meanwhile", async () => {
		const { owner, id, planId, nodeOf } = await blockedWhileWaiting();
		const remove = () => deleteNodes(owner, planId, { nodes: [{ id: id("c") }] });
		await remove();
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		await restoreNode(owner, id("c"));
		expect(await nodeOf("c")).toMatchObject({ status: "blocked", blockedBy: "dependency" });
		const { change } = await remove();
		await setNodeStatus(owner, id("b"), { status: "completed" }, null);
		await undoPlanChange(owner, planId, change?.id ?? "");
		expect(await nodeOf("c")).toMatchObject({ status: "in_progress", blockedBy: null });
	});

	test("stays so for a blocking decision that is asked while what it waits for is finished", async () => {
		const { owner, id, nodeOf } = await blockedWhileWaiting();
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		const input = CreateDecisionInput.parse({ node_id: id("c"), question: "Go on?", urgency: "blocking" });
		await raceAgainst(
			database.db,
			(tx) => createDecision({ ...owner, db: tx }, input),
			() => setNodeStatus(owner, id("b"), { status: "completed" }, null),
		);
		expect(await nodeOf("c")).toMatchObject({ status: "blocked", blockedBy: "decision", blockedFrom: "in_progress" });
	});

	test("doesn't begin to wait for what is finished in the same moment", async () => {
		const owner = await buildProject(database.db);
		const { id, block, nodeOf } = await buildPlan(database.db, owner, "a b");
		const { outcome } = await database.db.orm.transaction(async (tx) => {
			await setNodeStatus({ ...owner, db: tx }, id("a"), { status: "completed" }, null);
			const outcome = block("a>b").then(() => setNodeStatus(owner, id("b"), { status: "blocked" }, null));
			await Promise.race([outcome, untilBlocked(database.db)]);
			return { outcome };
		});
		await outcome;
		expect(await waitingFor(owner, id("b"))).toEqual([]);
		expect(await nodeOf("b")).toMatchObject({ status: "blocked", blockedBy: "person" });
	});

	test("goes back when what it waits for was linked while somebody finished that", async () => {
		const owner = await buildProject(database.db);
		const { id, block, nodeOf } = await buildPlan(database.db, owner, "a b");
		await raceAgainst(
			database.db,
			async (tx) => {
				await addDependency({ ...owner, db: tx }, id("b"), { relation: "blocked_by", node_id: id("a") });
				await setNodeStatus({ ...owner, db: tx }, id("b"), { status: "blocked" }, null);
			},
			() => setNodeStatus(owner, id("a"), { status: "completed" }, null),
		);
		expect(await nodeOf("b")).toMatchObject({ status: "not_started", blockedBy: null });
		expect((await eventsOf(id("b"))).at(-1)).toMatchObject({ type: "node.unblocked" });
		await expect(block("a>b")).rejects.toThrow(ConflictError);
	});

	test("one of many set at once is so until what it waits for is finished; the others until somebody changes them", async () => {
		const owner = await buildProject(database.db);
		const { id, planId, nodeOf } = await buildPlan(database.db, owner, "a b c d", ["a>b", "a>d"]);
		await setNodeStatus(owner, id("d"), { status: "completed" }, null);
		const { change } = await setNodeStatuses(owner, planId, {
			nodes: ["b", "c", "d"].map((name) => ({ id: id(name) })),
			status: "blocked",
		});
		expect(await nodeOf("b")).toMatchObject({ blockedBy: "dependency", blockedFrom: "not_started" });
		for (const name of ["c", "d"]) expect(await nodeOf(name)).toMatchObject({ blockedBy: "person", blockedFrom: null });
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		expect(await Promise.all(["b", "c", "d"].map(async (name) => (await nodeOf(name)).status))).toEqual([
			"not_started",
			"blocked",
			"blocked",
		]);
		await expect(undoPlanChange(owner, planId, change?.id ?? "")).rejects.toThrow("has another status by now");
	});

	test("is left alone where it is deleted in the moment in which what it waits for is finished", async () => {
		const { owner, id, planId, nodeOf } = await blockedWhileWaiting();
		await setNodeStatus(owner, id("a"), { status: "completed" }, null);
		await raceAgainst(
			database.db,
			(tx) => deleteNodes({ ...owner, db: tx }, planId, { nodes: [{ id: id("c") }] }),
			() => setNodeStatus(owner, id("b"), { status: "completed" }, null),
		);
		expect(await nodeOf("c")).toMatchObject({ status: "blocked", deletedAt: expect.any(Date) });
		await restoreNode(owner, id("c"));
		expect(await nodeOf("c")).toMatchObject({ status: "in_progress" });
	});

	test("is unblocked by one of two who finish the last two things at once", async () => {
		const { owner, id, nodeOf } = await blockedWhileWaiting();
		await raceAgainst(
			database.db,
			(tx) => setNodeStatus({ ...owner, db: tx }, id("a"), { status: "completed" }, null),
			() => setNodeStatus(owner, id("b"), { status: "completed" }, null),
		);
		expect(await nodeOf("c")).toMatchObject({ status: "in_progress" });
	});
});

describe("nobody waits in a circle with who", () => {
	/** What `rival` does while `attempt` waits for what `hold` has locked. */
	const race = async (owner: ProjectContext, hold: Step, attempt: () => Promise<unknown>, rival: Step) => {
		const { outcome } = await database.db.orm.transaction(async (tx) => {
			const inTx = { ...owner, db: tx };
			await hold(inTx);
			const outcome = attempt();
			outcome.catch(() => {});
			await untilBlocked(database.db);
			await rival(inTx);
			return { outcome };
		});
		await outcome;
	};
	type Step = (ctx: ProjectContext) => Promise<unknown>;
	const build = async () => {
		const owner = await buildProject(database.db);
		return { owner, ...(await buildPlan(database.db, owner, "a b c", ["a>b", "b>c"])) };
	};
	const holdDependencies: Step = (ctx) => inTransaction(ctx, lockDependencies);

	test("deletes what is just unblocked", async () => {
		const { owner, id, planId, nodeOf } = await build();
		await setNodeStatus(owner, id("b"), { status: "blocked" }, null);
		const complete: Step = (ctx) => setNodeStatus(ctx, id("a"), { status: "completed" }, null);
		await race(owner, holdDependencies, () => deleteNodes(owner, planId, { nodes: [{ id: id("b") }] }), complete);
		expect(await nodeOf("b")).toMatchObject({ status: "not_started", deletedAt: expect.any(Date) });
	});

	describe("of nodes of which one is just finished, and the other unblocked by that", () => {
		const buildBackwards = async () => {
			const owner = await buildProject(database.db);
			const plan = await buildPlan(database.db, owner, "b a", ["a>b"]);
			const nodes = [{ id: plan.id("b") }, { id: plan.id("a") }];
			const hold: Step = (ctx) =>
				inTransaction(ctx, async (tx) => {
					await lockHeldUp(tx, [plan.id("a")]);
					await lockNodes(tx, [plan.id("a")]);
				});
			const complete: Step = (ctx) => setNodeStatus(ctx, plan.id("a"), { status: "completed" }, null);
			return { owner, ...plan, nodes, hold, complete };
		};

		test("begins both", async () => {
			const { owner, planId, id, nodeOf, nodes, hold, complete } = await buildBackwards();
			await setNodeStatus(owner, id("b"), { status: "blocked" }, null);
			await race(owner, hold, () => setNodeStatuses(owner, planId, { nodes, status: "in_progress" }), complete);
			for (const name of ["a", "b"]) expect(await nodeOf(name)).toMatchObject({ status: "in_progress" });
		});

		test("takes back no change of both", async () => {
			const { owner, planId, nodeOf, nodes, hold, complete } = await buildBackwards();
			const { change } = await setNodeStatuses(owner, planId, { nodes, status: "blocked" });
			const undo = race(owner, hold, () => undoPlanChange(owner, planId, change?.id ?? ""), complete);
			await expect(undo).rejects.toThrow("has another status by now");
			expect([(await nodeOf("a")).status, (await nodeOf("b")).status]).toEqual(["completed", "not_started"]);
		});
	});

	test("blocks under a claim what is just edited", async () => {
		const { owner, id, nodeOf } = await build();
		const { fence } = await claimNode(owner, id("b"), { lease_seconds: 60 });
		const block = () => setNodeStatus(owner, id("b"), { status: "blocked" }, null, fence);
		await race(owner, holdDependencies, block, (ctx) => updateNode(ctx, id("b"), { title: "New" }, null));
		expect(await nodeOf("b")).toMatchObject({ status: "blocked", title: "New" });
	});

	test("undoes a change of what is just edited", async () => {
		const { owner, id, planId, nodeOf } = await build();
		await setNodeStatus(owner, id("b"), { status: "completed" }, null);
		const { change } = await setNodeStatuses(owner, planId, { nodes: [{ id: id("b") }], status: "not_started" });
		const undo = () => undoPlanChange(owner, planId, change?.id ?? "");
		await race(owner, holdDependencies, undo, (ctx) => updateNode(ctx, id("b"), { title: "New" }, null));
		expect(await nodeOf("b")).toMatchObject({ status: "completed", title: "New" });
	});

	test("deletes the plan in which something is just moved", async () => {
		const { owner, id, planId } = await build();
		const other = await buildPlan(database.db, owner, "x");
		await addDependency(owner, id("c"), { relation: "blocks", node_id: other.id("x") });
		const hold: Step = (ctx) => inTransaction(ctx, (tx) => lockPlan(tx, planId));
		await race(owner, hold, () => deletePlan(owner, planId, null), holdDependencies);
		expect(await waitingFor(owner, other.id("x"))).toEqual([]);
	});
});

test("deleting a plan unblocks what waited for it in another one", async () => {
	const owner = await buildProject(database.db);
	const { id, nodeOf } = await buildPlan(database.db, owner, "a");
	const other = await buildPlan(database.db, owner, "x");
	await addDependency(owner, id("a"), { relation: "blocked_by", node_id: other.id("x") });
	await setNodeStatus(owner, id("a"), { status: "blocked" }, null);
	await deletePlan(owner, other.planId, null);
	expect(await nodeOf("a")).toMatchObject({ status: "not_started" });
	expect((await eventsOf(id("a"))).at(-1)).toMatchObject({ type: "node.unblocked", data: { upstream_ids: [other.id("x")] } });
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

test("what still waits for a blocking decision when its dependencies are finished stays blocked by that", async () => {
	const owner = await buildProject(database.db);
	const { id, nodeOf } = await buildPlan(database.db, owner, "a b", ["a>b"]);
	await setNodeStatus(owner, id("b"), { status: "blocked" }, null);
	const input = CreateDecisionInput.parse({ node_id: id("b"), question: "Go on?", urgency: "blocking" });
	const decision = await createDecision(owner, input);
	await setNodeStatus(owner, id("a"), { status: "completed" }, null);
	expect(await nodeOf("b")).toMatchObject({ status: "blocked", blockedBy: "decision", blockedFrom: "not_started" });
	await cancelDecision(owner, decision.id);
	expect(await nodeOf("b")).toMatchObject({ status: "not_started", blockedBy: null });
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
