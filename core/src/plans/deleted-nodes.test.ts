import { randomUUID } from "node:crypto";
import { and, eq, events } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { createRequest } from "../requests/create-request.ts";
import { setVisibility } from "../sharing/set-visibility.ts";
import { buildMember, buildProject } from "../testing.ts";
import { deleteNode, deleteNodes } from "./delete-nodes.ts";
import { getNode } from "./get-node.ts";
import { listDeletedNodes } from "./list-deleted-nodes.ts";
import { moveNode } from "./move-node.ts";
import { moveNodes } from "./move-nodes.ts";
import { restoreNode } from "./restore-node.ts";
import { setNodeStatuses } from "./set-node-statuses.ts";
import { addNode, buildTree, chosen, draw, lastChange, undoLast, whole } from "./testing.ts";
import { undoPlanChange } from "./undo-plan-change.ts";
import { updateNode } from "./update-node.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

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
