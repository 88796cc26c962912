import { randomUUID } from "node:crypto";
import { agentScopes, ClaimNodeInput, type CreateLogInput } from "@agentplanner/contracts";
import { eq, events, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimNode } from "../claims/claim-node.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";
import { askAndDispatch, buildScene } from "../requests/testing.ts";
import { buildContext, buildMember, buildNode } from "../testing.ts";
import { createLog } from "./create-log.ts";
import { listLogs } from "./list-logs.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const agentOf = ({ projectId, agents }: Awaited<ReturnType<typeof buildScene>>, index = 0) => {
	const token = { type: "token" as const, tokenId: randomUUID(), projectId, scopes: [...agentScopes], userId: null };
	return { ...buildContext(database.db, { ...token, agentId: agents[index]?.id ?? "", name: "Echo" }), projectId };
};
const progress: CreateLogInput = { kind: "progress", text: "Half done" };

describe("createLog", () => {
	test("notes what an agent did, and in which request of the node that was sent to it", async () => {
		const scene = await buildScene(database.db, 2);
		const { id } = await askAndDispatch(scene, { targets: [{ agent_id: scene.agents[0]?.id ?? "" }] });
		const made = await createLog(agentOf(scene), scene.node.id, { ...progress, agent_request_id: id }, null);
		expect(made).toMatchObject({
			...{ node_id: scene.node.id, kind: "progress", text: "Half done", agent_request_id: id },
			...{ written_by: "Echo", written_by_agent_id: scene.agents[0]?.id, written_by_user_id: null },
		});
		expect(await database.db.orm.select().from(events).where(eq(events.subjectId, made.id))).toMatchObject([
			{ type: "node.logged", nodeId: scene.node.id, planId: scene.node.planId, data: { kind: "progress", agent_request_id: id } },
		]);
		const elsewhere = await buildNode(database.db, scene.projectId);
		for (const attempt of [
			() => createLog(agentOf(scene, 1), scene.node.id, { ...progress, agent_request_id: id }, null),
			() => createLog(scene.owner, elsewhere.id, { ...progress, agent_request_id: id }, null),
			() => createLog(scene.owner, scene.node.id, { ...progress, agent_request_id: randomUUID() }, null),
		])
			await expect(attempt()).rejects.toMatchObject({ code: "unprocessable", fields: [{ field: "body.agent_request_id" }] });
	});

	test("of a node that is claimed it takes the claim's fence", async () => {
		const scene = await buildScene(database.db, 2);
		const [holder, other] = [agentOf(scene), agentOf(scene, 1)];
		const { fence } = await claimNode(holder, scene.node.id, ClaimNodeInput.parse({}));
		await expect(createLog(other, scene.node.id, progress, null)).rejects.toThrow(ConflictError);
		await expect(createLog(holder, scene.node.id, progress, fence + 1)).rejects.toThrow(ConflictError);
		expect(await createLog(holder, scene.node.id, progress, fence)).toMatchObject({ text: "Half done" });
		expect(await createLog(scene.owner, scene.node.id, progress, null)).toMatchObject({ text: "Half done" });
	});

	test("not for viewers, and not in a plan that one can't see", async () => {
		const scene = await buildScene(database.db);
		const viewer = await buildMember(database.db, scene.projectId, "viewer");
		await expect(createLog(viewer, scene.node.id, progress, null)).rejects.toThrow(ForbiddenError);
		expect((await listLogs(viewer, scene.node.id, { limit: 5 })).items).toEqual([]);
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, scene.node.planId));
		for (const attempt of [
			() => listLogs(viewer, scene.node.id, { limit: 5 }),
			() => createLog(agentOf(scene), scene.node.id, progress, null),
			() => listLogs(agentOf(scene), scene.node.id, { limit: 5 }),
		])
			await expect(attempt()).rejects.toThrow(NotFoundError);
	});
});

test("listLogs reads a node's, newest first, page by page, and one kind if asked", async () => {
	const scene = await buildScene(database.db);
	const elsewhere = await buildNode(database.db, scene.projectId, { planId: scene.node.planId, position: "a1" });
	await createLog(scene.owner, elsewhere.id, progress, null);
	for (const kind of ["progress", "reasoning", "challenge", "decision"] as const)
		await createLog(scene.owner, scene.node.id, { kind, text: kind }, null);
	const first = await listLogs(scene.owner, scene.node.id, { limit: 3 });
	expect(first.items.map(({ kind }) => kind)).toEqual(["decision", "challenge", "reasoning"]);
	const second = await listLogs(scene.owner, scene.node.id, { limit: 3, cursor: first.next_cursor ?? "" });
	expect(second).toMatchObject({ items: [{ kind: "progress" }], next_cursor: null });
	expect(await listLogs(scene.owner, scene.node.id, { limit: 3, kind: "challenge" })).toMatchObject({ items: [{ text: "challenge" }] });
});
