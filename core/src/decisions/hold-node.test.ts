import { type NodeStatus, RespondInput } from "@agentplanner/contracts";
import { eq, events, planNodes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError } from "../errors.ts";
import { getNode } from "../plans/get-node.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { agentContext, askAndDispatch, buildScene, type Scene } from "../requests/testing.ts";
import { respondToRequest } from "../responses/respond-to-request.ts";
import { cancelDecision } from "./cancel-decision.ts";
import { decide } from "./decide.ts";
import { expireDecision } from "./expire-decision.ts";
import { inAnHour, passExpiry, requestDecision } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildSceneAt = async (status: NodeStatus) => {
	const scene = await buildScene(database.db);
	await database.db.orm.update(planNodes).set({ status }).where(eq(planNodes.id, scene.node.id));
	return scene;
};
const requestBlocking = (scene: Scene, overrides: Parameters<typeof requestDecision>[1] = {}) =>
	requestDecision(scene, { urgency: "blocking", ...overrides });
const decided = (scene: Scene, { id }: { id: string }) => decide(scene.owner, id, { option_id: "approve", comment: "" });
const nodeOf = async (scene: Scene) => {
	const { status, blocked_by } = await getNode(scene.owner, scene.node.id);
	return [status, blocked_by];
};
const changesOf = async ({ node }: Scene) => {
	const rows = await database.db.orm.select().from(events).where(eq(events.subjectId, node.id)).orderBy(events.id);
	return rows.flatMap(({ type, data }) => (type === "node.status.changed" ? [data] : []));
};

describe("a blocking decision blocks its node, which goes back to what it was when it", () => {
	const endings: Record<string, (scene: Scene) => Promise<unknown>> = {
		"is decided": async (scene) => {
			const decision = await requestBlocking(scene);
			return () => decided(scene, decision);
		},
		"is withdrawn": async (scene) => {
			const { id } = await requestBlocking(scene);
			return () => cancelDecision(scene.owner, id);
		},
		expires: async (scene) => {
			const { id } = await requestBlocking(scene, { expires_at: inAnHour(), on_expiry: "reject" });
			return async () => {
				await passExpiry(scene, id);
				await expireDecision(scene.system, id);
			};
		},
		"ends with the request in which its agent asked": async (scene) => {
			const { id, deliveryIds } = await askAndDispatch(scene);
			const agent = await agentContext(scene, deliveryIds[0]);
			await respondToRequest(agent, id, RespondInput.parse({ type: "decision_required", text: "Publish it?", urgency: "blocking" }));
			return () => cancelRequest(scene.owner, id);
		},
	};
	test.each(Object.entries(endings))("%s", async (_, ask) => {
		for (const status of ["not_started", "in_progress"] as const) {
			const scene = await buildSceneAt(status);
			const end = (await ask(scene)) as () => Promise<unknown>;
			expect(await nodeOf(scene)).toEqual(["blocked", "decision"]);
			await end();
			expect(await nodeOf(scene)).toEqual([status, null]);
			expect(await changesOf(scene)).toMatchObject([
				{ from: status, to: "blocked", decision_id: expect.any(String) },
				{ from: "blocked", to: status, decision_id: expect.any(String) },
			]);
		}
	});
});

test("only the last of several gives the node back", async () => {
	const scene = await buildSceneAt("in_progress");
	const asked = [await requestBlocking(scene), await requestBlocking(scene)];
	await requestDecision(scene);
	for (const [index, decision] of asked.entries()) {
		await decided(scene, decision);
		expect(await nodeOf(scene)).toEqual(index === 0 ? ["blocked", "decision"] : ["in_progress", null]);
	}
	expect(await changesOf(scene)).toHaveLength(2);
});

test.each(["can_continue", "informational"] as const)("one that is %s leaves its node alone", async (urgency) => {
	const scene = await buildSceneAt("in_progress");
	await decided(scene, await requestDecision(scene, { urgency }));
	expect(await changesOf(scene)).toEqual([]);
});

test.each(["completed", "cancelled", "blocked"] as const)("a node that is %s already stays so", async (status) => {
	const scene = await buildSceneAt(status);
	await decided(scene, await requestBlocking(scene));
	expect(await changesOf(scene)).toEqual([]);
});

describe("whoever sets the status meanwhile has the last word", () => {
	test("also where they block the node themselves", async () => {
		const scene = await buildSceneAt("in_progress");
		const decision = await requestBlocking(scene);
		for (const status of ["not_started", "blocked"] as const) await setNodeStatus(scene.owner, scene.node.id, { status }, null);
		await decided(scene, decision);
		expect(await nodeOf(scene)).toEqual(["blocked", "person"]);
	});

	test("until another one is asked, which blocks it again as long as any is pending", async () => {
		const scene = await buildSceneAt("not_started");
		const first = await requestBlocking(scene);
		await setNodeStatus(scene.owner, scene.node.id, { status: "in_progress" }, null);
		const second = await requestBlocking(scene);
		await decided(scene, second);
		expect(await nodeOf(scene)).toEqual(["blocked", "decision"]);
		await decided(scene, first);
		expect(await nodeOf(scene)).toEqual(["in_progress", null]);
	});
});

describe("at the same moment", () => {
	test("one is decided and another asked: the node is blocked until that one is decided, too", async () => {
		const scene = await buildSceneAt("in_progress");
		let pending = await requestBlocking(scene);
		for (let round = 0; round < 20; round += 1) {
			const [, asked] = await Promise.all([decided(scene, pending), requestBlocking(scene)]);
			expect(await nodeOf(scene)).toEqual(["blocked", "decision"]);
			pending = asked;
		}
		await decided(scene, pending);
		expect(await nodeOf(scene)).toEqual(["in_progress", null]);
	});

	test("all of ten are decided: the node is given back once", async () => {
		const scene = await buildSceneAt("in_progress");
		const asked = await Promise.all(Array.from({ length: 10 }, () => requestBlocking(scene)));
		await Promise.all(asked.map((decision) => decided(scene, decision)));
		expect(await nodeOf(scene)).toEqual(["in_progress", null]);
		expect(await changesOf(scene)).toHaveLength(2);
	});

	test("a person completes the node: it stays completed, or they hear that it has changed", async () => {
		for (let round = 0; round < 20; round += 1) {
			const scene = await buildSceneAt("in_progress");
			const decision = await requestBlocking(scene);
			const completing = setNodeStatus(scene.owner, scene.node.id, { status: "completed" }, null);
			const [completed] = await Promise.allSettled([completing, decided(scene, decision)]);
			if (completed.status === "rejected") expect(completed.reason).toBeInstanceOf(ConflictError);
			expect(await nodeOf(scene)).toEqual([completed.status === "fulfilled" ? "completed" : "in_progress", null]);
		}
	});
});
