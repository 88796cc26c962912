import { randomUUID } from "node:crypto";
import { eq, events, planNodes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { buildNode, buildProject } from "../testing.ts";
import { changeStatus } from "./change-status.ts";
import { lockNodes } from "./lock-nodes.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("several nodes change at once; those that have the status, or were changed meanwhile, stay as they are", async () => {
	const owner = await buildProject(database.db);
	const [first, done, overtaken] = await Promise.all([
		buildNode(database.db, owner.projectId),
		buildNode(database.db, owner.projectId, { status: "completed" }),
		buildNode(database.db, owner.projectId),
	]);
	await database.db.orm.update(planNodes).set({ version: 7 }).where(eq(planNodes.id, overtaken.id));
	const changed = await inTransaction(owner, (tx) => changeStatus(tx, [first, done, overtaken], "completed"));
	expect(changed).toMatchObject([{ id: first.id, status: "completed", version: 2 }]);
	expect(await database.db.orm.select().from(events).where(eq(events.type, "node.status.changed"))).toMatchObject([
		{ subjectId: first.id, data: { plan_id: first.planId, from: "not_started", to: "completed" } },
	]);
});

test("lockNodes finds what is in this project and not deleted", async () => {
	const owner = await buildProject(database.db);
	const here = await buildNode(database.db, owner.projectId);
	const deleted = await buildNode(database.db, owner.projectId, { deletedAt: new Date(), deletionId: randomUUID() });
	const elsewhere = await buildNode(database.db, (await buildProject(database.db)).projectId);
	const found = await inTransaction(owner, (tx) => lockNodes(tx, [here.id, deleted.id, elsewhere.id]));
	expect(found.map(({ id }) => id)).toEqual([here.id]);
});
