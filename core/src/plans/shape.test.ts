import { randomUUID } from "node:crypto";
import { type ChosenNode, CreateDecisionInput } from "@agentplanner/contracts";
import { and, eq, events, planNodes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimNode } from "../claims/claim-node.ts";
import { createComment } from "../comments/create-comment.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { cancelDecision } from "../decisions/cancel-decision.ts";
import { createDecision } from "../decisions/create-decision.ts";
import { addDependency } from "../dependencies/add-dependency.ts";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { createLog } from "../logs/create-log.ts";
import { raceAgainst, untilBlocked } from "../projects/race.ts";
import { createRequest } from "../requests/create-request.ts";
import { setVisibility } from "../sharing/set-visibility.ts";
import { buildMember, buildProject } from "../testing.ts";
import { deleteNode, deleteNodes } from "./delete-nodes.ts";
import { getNode } from "./get-node.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { listDeletedNodes } from "./list-deleted-nodes.ts";
import { listPlanChanges } from "./list-plan-changes.ts";
import { moveNode } from "./move-node.ts";
import { moveNodes } from "./move-nodes.ts";
import { restoreNode } from "./restore-node.ts";
import { setNodeStatus } from "./set-node-status.ts";
import { setNodeStatuses } from "./set-node-statuses.ts";
import { addNode, buildTree, draw } from "./testing.ts";
import { undoPlanChange } from "./undo-plan-change.ts";
import { updateNode } from "./update-node.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const whole = "A(a1 a2 a3) B(b1) C";
const chosen = (...ids: string[]): ChosenNode[] => ids.map((id) => ({ id }));
const lastChange = async (ctx: ProjectContext, planId: string) => (await getPlanTree(ctx, planId)).last_change?.id ?? "";
const undoLast = async (ctx: ProjectContext, planId: string) => undoPlanChange(ctx, planId, await lastChange(ctx, planId));
const deletedFrom = async (ctx: ProjectContext, planId: string) =>
	(await listDeletedNodes(ctx, planId, { limit: 50 })).items.map(({ title, nodes }) => `${title} ${nodes}`);

describe("deleting", () => {
	test("takes along what is below, says so, and nobody finds it any more", async () => {
		const { owner, plan, A, a1 } = await buildTree(database.db);
		const { change } = await deleteNode(owner, A, 1);
		expect(change).toMatchObject({ kind: "delete", title: "A", nodes: 1, made_by: "owner", undone_at: null });
		expect(await draw(owner, plan.id)).toBe("B(b1) C");
		for (const gone of [A, a1]) await expect(getNode(owner, gone)).rejects.toThrow(NotFoundError);
		await expect(updateNode(owner, a1, { title: "Late" }, null)).rejects.toThrow(NotFoundError);
		await expect(addNode(owner, plan.id, "a4", A)).rejects.toThrow(UnprocessableError);
		const ask = createRequest(owner, { node_id: a1, question: "?", targets: [], answer_policy: { kind: "first" } });
		await expect(ask).rejects.toThrow(UnprocessableError);
		expect(await deletedFrom(owner, plan.id)).toEqual(["A 4"]);
		expect(
			await database.db.orm
				.select()
				.from(events)
				.where(and(eq(events.type, "node.deleted"), eq(events.planId, plan.id))),
		).toMatchObject([{ subjectId: A, nodeId: A, data: { plan_id: plan.id, parent_id: null, change_id: change?.id } }]);
	});

	test("many at once: all or none, and what lies below another of them goes with it", async () => {
		const { owner, plan, A, B, a1, b1 } = await buildTree(database.db);
		const stale = deleteNodes(owner, plan.id, {
			nodes: [
				{ id: B, version: 1 },
				{ id: a1, version: 7 },
			],
		});
		await expect(stale).rejects.toThrow(PreconditionFailedError);
		await expect(stale).rejects.toMatchObject({ fields: [{ field: "body.nodes.1.version" }] });
		const { A: foreign } = await buildTree(database.db);
		await expect(deleteNodes(owner, plan.id, { nodes: chosen(B, foreign) })).rejects.toMatchObject({
			fields: [{ field: "body.nodes.1.id" }],
		});
		expect(await draw(owner, plan.id)).toBe(whole);
		expect(await deleteNodes(owner, plan.id, { nodes: chosen(b1, a1, A, B) })).toMatchObject({ change: { title: "A", nodes: 2 } });
		expect(await draw(owner, plan.id)).toBe("C");
		expect((await deletedFrom(owner, plan.id)).sort()).toEqual(["A 4", "B 2"]);
	});

	test("a viewer may not; elsewhere it is not found; a stale version is a conflict", async () => {
		const { owner, plan, A } = await buildTree(database.db);
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		for (const act of [
			() => deleteNode(viewer, A, null),
			() => deleteNodes(viewer, plan.id, { nodes: chosen(A) }),
			() => moveNodes(viewer, plan.id, { nodes: chosen(A), parent_id: null, after_id: null }),
			() => setNodeStatuses(viewer, plan.id, { nodes: chosen(A), status: "blocked" }),
			() => undoPlanChange(viewer, plan.id, randomUUID()),
		])
			await expect(act()).rejects.toThrow(ForbiddenError);
		const stranger = await buildProject(database.db);
		await expect(deleteNode(stranger, A, null)).rejects.toThrow(NotFoundError);
		await expect(undoPlanChange(stranger, plan.id, await lastChange(owner, plan.id))).rejects.toThrow(NotFoundError);
		await expect(deleteNode(owner, A, 5)).rejects.toThrow(PreconditionFailedError);
		expect(await draw(owner, plan.id)).toBe(whole);
	});
});

describe("restoring", () => {
	test("brings back what went along, to where it stood, and not what had been deleted before", async () => {
		const { owner, plan, A, a2 } = await buildTree(database.db);
		await deleteNode(owner, a2, null);
		await deleteNode(owner, A, null);
		await expect(restoreNode(owner, a2)).rejects.toThrow(ConflictError);
		await restoreNode(owner, A);
		expect(await draw(owner, plan.id)).toBe("A(a1 a3) B(b1) C");
		await restoreNode(owner, a2);
		expect(await draw(owner, plan.id)).toBe(whole);
		await expect(restoreNode(owner, a2)).rejects.toThrow(NotFoundError);
	});

	test("one of several that were deleted together comes back alone", async () => {
		const { owner, plan, A, B } = await buildTree(database.db);
		await deleteNodes(owner, plan.id, { nodes: chosen(A, B) });
		await restoreNode(owner, B);
		expect(await draw(owner, plan.id)).toBe("B(b1) C");
		await undoLast(owner, plan.id);
		await undoLast(owner, plan.id);
		expect(await draw(owner, plan.id)).toBe(whole);
	});

	test("what would lie too deep by now is refused", async () => {
		const { owner, plan, A, a1 } = await buildTree(database.db);
		await addNode(owner, plan.id, "deep", a1);
		await deleteNode(owner, a1, null);
		let parent: string | null = null;
		for (let level = 1; level <= 18; level += 1) parent = await addNode(owner, plan.id, `${level}`, parent);
		await moveNode(owner, A, { parent_id: parent, after_id: null }, null);
		await expect(restoreNode(owner, a1)).rejects.toThrow(UnprocessableError);
	});

	test("of a hidden plan answers as for a node that isn't there", async () => {
		const { owner, plan, A } = await buildTree(database.db);
		await deleteNode(owner, A, null);
		await setVisibility(owner, plan.id, { visibility: "private" }, null);
		const [editor, viewer] = [
			await buildMember(database.db, owner.projectId, "editor"),
			await buildMember(database.db, owner.projectId, "viewer"),
		];
		const answer = (ctx: ProjectContext, nodeId: string) => restoreNode(ctx, nodeId).catch(String);
		await expect(restoreNode(viewer, A)).rejects.toThrow(ForbiddenError);
		for (const ctx of [editor, viewer]) expect(await answer(ctx, A)).toBe(await answer(ctx, randomUUID()));
	});
});

describe("many at once", () => {
	test("move to one place and keep their order, whatever the order they are named in", async () => {
		const { owner, plan, B, C, a1, a3, b1 } = await buildTree(database.db);
		await moveNodes(owner, plan.id, { nodes: chosen(C, a3, a1), parent_id: B, after_id: b1 });
		expect(await draw(owner, plan.id)).toBe("A(a2) B(b1 a1 a3 C)");
		await undoLast(owner, plan.id);
		expect(await draw(owner, plan.id)).toBe(whole);
	});

	test("five hundred find room between two neighbours", async () => {
		const { owner, plan, A, B } = await buildTree(database.db);
		const rows = Array.from({ length: 500 }, (_, index) => ({ title: `${index}`, position: `b${`${index}`.padStart(3, "0")}1` }));
		const shape = { projectId: owner.projectId, planId: plan.id, parentId: B, kind: "task" as const };
		const added = await database.db.orm
			.insert(planNodes)
			.values(rows.map((row) => ({ ...shape, ...row })))
			.returning({ id: planNodes.id });
		await moveNodes(owner, plan.id, { nodes: chosen(...added.map(({ id }) => id)), parent_id: null, after_id: A });
		const { nodes } = await getPlanTree(owner, plan.id);
		const top = nodes.filter(({ parent_id }) => parent_id === null);
		expect(top.map(({ title }) => title)).toEqual(["A", ...rows.map(({ title }) => title), "B", "C"]);
		expect(Math.max(...top.map(({ position }) => position.length))).toBeLessThan(8);
	});

	test("a move under one of them, or below it, changes nothing", async () => {
		const { owner, plan, A, C, a1 } = await buildTree(database.db);
		const attempt = moveNodes(owner, plan.id, { nodes: chosen(C, A), parent_id: a1, after_id: null });
		await expect(attempt).rejects.toMatchObject({ code: "unprocessable", fields: [{ field: "body.parent_id" }] });
		expect(await draw(owner, plan.id)).toBe(whole);
	});

	test("statuses: those that have it already stay as they are, and undo gives each its own back", async () => {
		const { owner, plan, a1, a2, a3 } = await buildTree(database.db);
		await setNodeStatus(owner, a1, { status: "blocked" }, null);
		await setNodeStatus(owner, a2, { status: "completed" }, null);
		const { change } = await setNodeStatuses(owner, plan.id, { nodes: chosen(a1, a2, a3), status: "completed" });
		expect(change).toMatchObject({ kind: "status", nodes: 2 });
		expect(await setNodeStatuses(owner, plan.id, { nodes: chosen(a1), status: "completed" })).toEqual({ change: null });
		await undoLast(owner, plan.id);
		const { nodes } = await getPlanTree(owner, plan.id);
		expect([a1, a2, a3].map((id) => nodes.find((node) => node.id === id)?.status)).toEqual(["blocked", "completed", "not_started"]);
	});
});

describe("undo", () => {
	test("takes back one change after the other, and says by whom", async () => {
		const { owner, plan, A, B, b1 } = await buildTree(database.db);
		await moveNode(owner, b1, { parent_id: A, after_id: null }, null);
		await deleteNode(owner, B, null);
		await addNode(owner, plan.id, "D", null);
		expect(await draw(owner, plan.id)).toBe("A(b1 a1 a2 a3) C D");
		const editor = await buildMember(database.db, owner.projectId, "editor");
		expect(await undoLast(editor, plan.id)).toMatchObject({ change: { kind: "create", made_by: "owner", undone_by: "editor" } });
		expect(await draw(owner, plan.id)).toBe("A(b1 a1 a2 a3) C");
		await undoLast(editor, plan.id);
		expect(await draw(owner, plan.id)).toBe("A(b1 a1 a2 a3) B C");
		await undoLast(editor, plan.id);
		expect(await draw(owner, plan.id)).toBe(whole);
		const { items } = await listPlanChanges(owner, plan.id, { limit: 4 });
		expect(items.map(({ kind, undone_by }) => `${kind} ${undone_by}`)).toEqual([
			"create editor",
			"delete editor",
			"move editor",
			"create null",
		]);
	});

	test("gives back why a node was blocked, so that it still goes on by itself", async () => {
		const { owner, plan, a1, a2, b1, C } = await buildTree(database.db);
		const blockedBy = async (id: string) => (await getNode(owner, id)).blocked_by;
		for (const id of [a1, a2]) {
			await addDependency(owner, id, { relation: "blocked_by", node_id: id === a1 ? b1 : C });
			await setNodeStatus(owner, id, { status: "blocked" }, null);
		}
		const asked = [];
		for (const id of [b1, C])
			asked.push(await createDecision(owner, CreateDecisionInput.parse({ node_id: id, question: "Go on?", urgency: "blocking" })));
		await setNodeStatuses(owner, plan.id, { nodes: chosen(a1, a2, b1, C), status: "cancelled" });
		await cancelDecision(owner, asked[0]?.id ?? "");
		await undoLast(owner, plan.id);
		expect(await Promise.all([a1, a2, b1, C].map(blockedBy))).toEqual(["dependency", "dependency", null, "decision"]);
		await cancelDecision(owner, asked[1]?.id ?? "");
		for (const id of [b1, C]) {
			expect(await getNode(owner, id)).toMatchObject({ status: "not_started" });
			await setNodeStatus(owner, id, { status: "completed" }, null);
		}
		for (const id of [a1, a2]) expect(await getNode(owner, id)).toMatchObject({ status: "not_started" });
	});

	test("moves back to several places what would wait in a circle halfway there", async () => {
		const { owner, plan, A, B, C, b1 } = await buildTree(database.db);
		await moveNodes(owner, plan.id, { nodes: chosen(b1, C), parent_id: A, after_id: null });
		await addDependency(owner, b1, { relation: "blocks", node_id: C });
		await addDependency(owner, A, { relation: "blocks", node_id: B });
		await undoLast(owner, plan.id);
		expect(await draw(owner, plan.id)).toBe(whole);
	});

	test("of what is not the last any more is a conflict that says whose change came in between; twice too", async () => {
		const { owner, plan, A, b1 } = await buildTree(database.db);
		const { change_id: seen } = await moveNode(owner, b1, { parent_id: A, after_id: null }, null);
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await deleteNode(editor, A, null);
		const attempt = undoPlanChange(owner, plan.id, seen ?? "");
		await expect(attempt).rejects.toThrow(ConflictError);
		await expect(attempt).rejects.toThrow("editor has changed the plan since: deleted “A”");
		expect(await draw(owner, plan.id)).toBe("B C");
		const last = await lastChange(owner, plan.id);
		const both = await Promise.allSettled([undoPlanChange(owner, plan.id, last), undoPlanChange(editor, plan.id, last)]);
		expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		expect(both.find((one) => one.status === "rejected")?.reason).toBeInstanceOf(ConflictError);
	});

	test("is refused where somebody changed by hand what it would change", async () => {
		const { owner, plan, a1, a2 } = await buildTree(database.db);
		await setNodeStatuses(owner, plan.id, { nodes: chosen(a1, a2), status: "completed" });
		await setNodeStatus(owner, a2, { status: "blocked" }, null);
		await expect(undoLast(owner, plan.id)).rejects.toThrow("“a2” has another status by now: blocked");
		expect(await getNode(owner, a1)).toMatchObject({ status: "completed" });
	});

	test("of creating spares what was put below it by other means", async () => {
		const { owner, plan } = await buildTree(database.db);
		const D = await addNode(owner, plan.id, "D", null);
		await database.db.orm
			.insert(planNodes)
			.values({ projectId: owner.projectId, planId: plan.id, parentId: D, kind: "task", title: "d1", position: "a0" });
		await expect(undoLast(owner, plan.id)).rejects.toThrow(ConflictError);
		expect(await draw(owner, plan.id)).toBe(`${whole} D(d1)`);
	});

	test("spares what somebody else has worked on since, says who did what, and minds no work of one's own", async () => {
		const { owner, plan } = await buildTree(database.db);
		const guest = await buildMember(database.db, owner.projectId, "editor");
		const asked = CreateDecisionInput.parse({ node_id: randomUUID(), question: "Go on?" });
		const works: [string, (ctx: ProjectContext, id: string) => Promise<unknown>][] = [
			["edited", (ctx, id) => updateNode(ctx, id, { title: "D" }, null)],
			["set the status of", (ctx, id) => setNodeStatus(ctx, id, { status: "in_progress" }, null)],
			["commented on", (ctx, id) => createComment(ctx, { nodeId: id }, { text: "Mine", parent_id: null })],
			["logged work on", (ctx, id) => createLog(ctx, id, { kind: "progress", text: "Begun" }, null)],
			["claimed", (ctx, id) => claimNode(ctx, id, { lease_seconds: 60 })],
			["asked about", (ctx, id) => createRequest(ctx, { node_id: id, question: "?", targets: [], answer_policy: { kind: "first" } })],
			["asked for a decision on", (ctx, id) => createDecision(ctx, { ...asked, node_id: id })],
		];
		for (const [did, work] of works) {
			await work(guest, await addNode(guest, plan.id, "D", null));
			await undoLast(guest, plan.id);
			expect(await draw(owner, plan.id)).toBe(whole);
			const D = await addNode(guest, plan.id, "D", null);
			await work(owner, D);
			const attempt = undoLast(guest, plan.id);
			await expect(attempt).rejects.toThrow(ConflictError);
			await expect(attempt).rejects.toThrow(`owner has ${did} “D” since`);
			expect(await draw(owner, plan.id)).toBe(`${whole} D`);
			await deleteNode(guest, D, null);
		}
	});

	test.each(["comment", "log"])("of creating and a %s at the same moment: the second sees the first", async (what) => {
		const { owner, plan } = await buildTree(database.db);
		const editor = await buildMember(database.db, owner.projectId, "editor");
		const say = (ctx: ProjectContext, id: string): Promise<unknown> =>
			what === "comment"
				? createComment(ctx, { nodeId: id }, { text: "Mine", parent_id: null })
				: createLog(ctx, id, { kind: "progress", text: "Begun" }, null);
		const spared = await addNode(owner, plan.id, "D", null);
		const { undo } = await inTransaction(editor, async (tx) => {
			await say(tx, spared);
			const undo = undoLast(owner, plan.id);
			undo.catch(() => {});
			await untilBlocked(database.db);
			return { undo };
		});
		await expect(undo).rejects.toThrow("on “D” since");
		const gone = await addNode(owner, plan.id, "E", null);
		const late = raceAgainst(
			database.db,
			(tx) => undoLast({ ...owner, db: tx }, plan.id),
			() => say(editor, gone),
		);
		await expect(late).rejects.toThrow(NotFoundError);
	});

	test("of restoring takes away what was worked on before, but not since", async () => {
		const { owner, plan, A, a1 } = await buildTree(database.db);
		const guest = await buildMember(database.db, owner.projectId, "editor");
		await updateNode(owner, a1, { title: "a0" }, null);
		await deleteNode(guest, A, null);
		await restoreNode(guest, A);
		await undoLast(guest, plan.id);
		expect(await draw(owner, plan.id)).toBe("B(b1) C");
		await restoreNode(guest, A);
		await updateNode(owner, a1, { title: "a1" }, null);
		await expect(undoLast(guest, plan.id)).rejects.toThrow("owner has edited “a1” since");
		expect(await draw(owner, plan.id)).toBe(whole);
	});

	test("moving where it stands already is no change", async () => {
		const { owner, plan, A, a1, a2 } = await buildTree(database.db);
		const before = await lastChange(owner, plan.id);
		expect(await moveNode(owner, a2, { parent_id: A, after_id: a1 }, 1)).toMatchObject({ version: 1, change_id: null });
		expect(await lastChange(owner, plan.id)).toBe(before);
	});
});
