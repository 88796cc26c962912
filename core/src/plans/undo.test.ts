import { randomUUID } from "node:crypto";
import { CreateDecisionInput } from "@agentplanner/contracts";
import { planNodes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimNode } from "../claims/claim-node.ts";
import { createComment } from "../comments/create-comment.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { cancelDecision } from "../decisions/cancel-decision.ts";
import { createDecision } from "../decisions/create-decision.ts";
import { addDependency } from "../dependencies/add-dependency.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { createLog } from "../logs/create-log.ts";
import { raceAgainst, untilBlocked } from "../projects/race.ts";
import { createRequest } from "../requests/create-request.ts";
import { buildMember } from "../testing.ts";
import { deleteNode } from "./delete-nodes.ts";
import { getNode } from "./get-node.ts";
import { listPlanChanges } from "./list-plan-changes.ts";
import { moveNode } from "./move-node.ts";
import { moveNodes } from "./move-nodes.ts";
import { restoreNode } from "./restore-node.ts";
import { setNodeStatus } from "./set-node-status.ts";
import { setNodeStatuses } from "./set-node-statuses.ts";
import { addNode, buildTree, chosen, draw, lastChange, undoLast, whole } from "./testing.ts";
import { undoPlanChange } from "./undo-plan-change.ts";
import { updateNode } from "./update-node.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

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
