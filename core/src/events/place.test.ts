import { readFileSync } from "node:fs";
import { CreateNodeInput } from "@agentplanner/contracts";
import { asc, eq, events, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messagesOf, requestDecision, tellPeople } from "../decisions/testing.ts";
import { createNode } from "../plans/create-node.ts";
import { createPlan } from "../plans/create-plan.ts";
import { updateNode } from "../plans/update-node.ts";
import { updateProject } from "../projects/update-project.ts";
import { askAndDispatch, attempt, buildScene, sayAndRecord } from "../requests/testing.ts";
import { stampEvents } from "./stamp-events.ts";
import { verifyChain } from "./verify-chain.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const placesIn = async (projectId: string) =>
	(await database.db.orm.select().from(events).where(eq(events.projectId, projectId)).orderBy(asc(events.id))).map(
		({ type, planId, nodeId }) => [type, planId, nodeId],
	);

/** A plan's, a node's, a request's, its deliveries' and decisions' events, and one of the project. */
const buildHistory = async () => {
	const scene = await buildScene(database.db);
	await tellPeople(scene);
	await updateProject(scene.owner, { name: "Renamed" }, null);
	const { deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0]);
	await sayAndRecord(scene, deliveryIds[0], "answer");
	await requestDecision(scene);
	return scene;
};

test("what happens to a node, to its requests, their deliveries and its decisions, has its place, and the plan's", async () => {
	const scene = await buildHistory();
	const places = await placesIn(scene.projectId);
	expect(places.length).toBeGreaterThan(9);
	expect(places[0]).toEqual(["project.updated", null, null]);
	expect(places.slice(1).map(([type]) => type)).toEqual(
		expect.arrayContaining(["agent.request.created", "message.delivery.delivered", "agent.response.applied", "agent.decision.requested"]),
	);
	for (const [type, planId, nodeId] of places.slice(1)) expect([type, planId, nodeId]).toEqual([type, scene.node.planId, scene.node.id]);
});

test("what becomes of a message that tells of a decision has the decision's place", async () => {
	const scene = await buildScene(database.db);
	await tellPeople(scene);
	const { id } = await requestDecision(scene);
	for (const told of await messagesOf(scene, id)) await attempt(scene, told.id);
	const places = (await placesIn(scene.projectId)).filter(([type]) => type?.startsWith("message."));
	expect(places).toEqual([
		["message.delivery.queued", scene.node.planId, scene.node.id],
		["message.delivery.delivered", scene.node.planId, scene.node.id],
	]);
});

test("a node that the same transaction makes is found; a plan's event has no node", async () => {
	const scene = await buildScene(database.db);
	const plan = await createPlan(scene.owner, { title: "Launch", description: "" });
	const node = await createNode(scene.owner, plan.id, CreateNodeInput.parse({ title: "Draft" }));
	await updateNode(scene.owner, node.id, { title: "Write" }, null);
	expect(await placesIn(scene.projectId)).toEqual([
		["plan.created", plan.id, null],
		["node.created", plan.id, node.id],
		["node.updated", plan.id, node.id],
	]);
});

test("the migration gives older rows the same places, and their chain still holds", async () => {
	const scene = await buildHistory();
	await stampEvents(database.db);
	const places = await placesIn(scene.projectId);
	const migration = readFileSync(new URL("../../../db/migrations/0011_places_of_events.sql", import.meta.url), "utf8");
	const fill = migration.split("--> statement-breakpoint").find((statement) => statement.includes("UPDATE")) ?? "";
	await database.db.orm.execute(sql`update events set plan_id = null, node_id = null`);
	await database.db.orm.execute(sql.raw(fill));
	expect(await placesIn(scene.projectId)).toEqual(places);
	expect(await verifyChain(database.db, scene.projectId)).toBeNull();
});
