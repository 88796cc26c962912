import { CreateDecisionInput } from "@agentplanner/contracts";
import { agentRequests, eq, planNodes, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDecision } from "../decisions/create-decision.ts";
import { ConflictError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { createRequest } from "../requests/create-request.ts";
import { buildIntegration, buildRoutedAgent } from "../testing.ts";
import { deleteNode } from "./delete-nodes.ts";
import { forgetDeletedNodes } from "./forget-deleted-nodes.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { buildTree, draw } from "./testing.ts";
import { undoPlanChange } from "./undo-plan-change.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("what was deleted is gone for good after 30 days, but not while an answer is awaited", async () => {
	const { owner, plan, A, B, a1, b1 } = await buildTree(database.db);
	const integration = await buildIntegration(database.db, owner.projectId);
	const agent = await buildRoutedAgent(database.db, owner.projectId, integration.id);
	const asked = { node_id: a1, question: "Ready?", targets: [{ agent_id: agent.id }], answer_policy: { kind: "first" as const } };
	const { id } = await createRequest(owner, asked);
	const expires_at = new Date(Date.now() + 3_600_000).toISOString();
	await createDecision(owner, CreateDecisionInput.parse({ node_id: b1, question: "Go?", expires_at, on_expiry: "reject" }));
	await deleteNode(owner, A, null);
	await deleteNode(owner, B, null);
	const age = (days: number) =>
		database.db.orm
			.update(planNodes)
			.set({ deletedAt: sql`now() - make_interval(days => ${days})` })
			.where(sql`deleted_at is not null`);
	await age(29);
	expect(await forgetDeletedNodes(owner)).toEqual({ rowCount: 0 });
	await age(31);
	// B and b1, a2 and a3; A waits for a1, which waits for its answer.
	expect(await forgetDeletedNodes(owner)).toEqual({ rowCount: 4 });
	const ofProject = eq(timers.projectId, owner.projectId);
	expect(await database.db.orm.$count(timers, ofProject)).toBeGreaterThan(0);
	await cancelRequest(owner, id);
	expect(await forgetDeletedNodes(owner)).toEqual({ rowCount: 2 });
	expect(await database.db.orm.$count(timers, ofProject)).toBe(0);
	const last = (await getPlanTree(owner, plan.id)).last_change?.id ?? "";
	await expect(undoPlanChange(owner, plan.id, last)).rejects.toThrow(ConflictError);
	expect(await draw(owner, plan.id)).toBe("C");
});

test("a node about which an answer is awaited anew in the same moment stays", async () => {
	const { owner, C } = await buildTree(database.db);
	const integration = await buildIntegration(database.db, owner.projectId);
	const agent = await buildRoutedAgent(database.db, owner.projectId, integration.id);
	const { id } = await createRequest(owner, {
		node_id: C,
		question: "Ready?",
		targets: [{ agent_id: agent.id }],
		answer_policy: { kind: "first" },
	});
	await cancelRequest(owner, id);
	await deleteNode(owner, C, null);
	await database.db.orm.update(planNodes).set({ deletedAt: sql`now() - interval '31 days'` }).where(eq(planNodes.id, C));
	const forgotten = await raceAgainst(
		database.db,
		(tx) => tx.update(agentRequests).set({ status: "dispatched", closedAt: null }).where(eq(agentRequests.id, id)),
		() => forgetDeletedNodes(owner),
	);
	expect(forgotten).toEqual({ rowCount: 0 });
	expect(await database.db.orm.$count(agentRequests, eq(agentRequests.id, id))).toBe(1);
});
