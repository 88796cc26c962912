import { randomUUID } from "node:crypto";
import type { EventType } from "@agentplanner/contracts";
import { eq, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { emit, type NewEvent } from "../emit.ts";
import { askAndDispatch, attempt, buildScene, sayAndRecord } from "../requests/testing.ts";
import { buildMember, userIdOf } from "../testing.ts";
import { currentPosition } from "./current-position.ts";
import { readChanges } from "./read-changes.ts";
import { stampEvents } from "./stamp-events.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("readChanges names each subject and the request it is part of, after a position, at most that many events", async () => {
	const scene = await buildScene(database.db);
	const { id, deliveryIds } = await askAndDispatch(scene);
	await attempt(scene, deliveryIds[0]);
	const response = await sayAndRecord(scene, deliveryIds[0], "answer");
	await stampEvents(database.db);
	const read = async (after: number, limit = 100) => (await readChanges(scene.system, { projectId: scene.projectId, after, limit })).all;
	const changes = await read(0);
	expect(changes.map((change) => `${change.entity} ${change.id}`)).toEqual([
		`request ${id}`,
		`request ${id}`,
		`delivery ${deliveryIds[0]}`,
		`request ${id}`,
		`response ${response}`,
		`request ${id}`,
		`response ${response}`,
		`request ${id}`,
		`delivery ${deliveryIds[0]}`,
		`request ${id}`,
		`request ${id}`,
	]);
	expect(await read(changes[1]?.position ?? 0, 1)).toEqual(changes.slice(2, 4));
	expect(await read(changes.at(-1)?.position ?? 0)).toEqual([]);
});

test("whoever may see more or less by an event is told to read everything again, and nobody else", async () => {
	const scene = await buildScene(database.db);
	const { projectId, node, owner } = scene;
	const { planId } = node;
	const roles = ["owner", "admin", "editor", "viewer", "guest"] as const;
	const members = await Promise.all(
		roles.map(async (role) => ({ role, userId: userIdOf(await buildMember(database.db, projectId, role)) })),
	);
	const [, , , viewer, guest] = members;
	const rereads = async (event: NewEvent) => {
		await stampEvents(database.db);
		const after = await currentPosition(scene.system);
		await inTransaction(owner, (tx) => emit(tx, event));
		await stampEvents(database.db);
		const changes = await readChanges(scene.system, { projectId, after, limit: 9 });
		return members.filter((member) => changes.toldTo(member) === "everything").map(({ role }) => role);
	};
	const [subjectId, viewerId, user_id] = [planId, viewer?.userId ?? "", guest?.userId ?? ""];
	const roleChange = { from: "viewer", to: "editor" } as const;
	expect(await rereads({ type: "plan.visibility.changed", subjectId, data: { from: "private", to: "project" } })).toEqual([
		"editor",
		"viewer",
	]);
	expect(await rereads({ type: "plan.owner.changed", subjectId, data: { from: null, to: viewerId } })).toEqual(["viewer"]);
	for (const type of ["plan.collaborator.added", "plan.collaborator.removed"] as const)
		expect(await rereads({ type, subjectId, data: { user_id, role: "viewer" } })).toEqual(["guest"]);
	expect(await rereads({ type: "plan.collaborator.changed", subjectId, data: { user_id, ...roleChange } })).toEqual(["guest"]);
	expect(await rereads({ type: "project.member.changed", subjectId: viewerId, data: roleChange })).toEqual(["viewer"]);
	expect(await rereads({ type: "plan.deleted", subjectId, data: { title: user_id } })).toEqual([]);
});

test("what few may read is told to those few", async () => {
	const scene = await buildScene(database.db);
	const { projectId, node, owner } = scene;
	const { planId } = node;
	const [admin, editor, viewer] = await Promise.all(
		(["admin", "editor", "viewer"] as const).map(async (role) => ({
			role,
			userId: userIdOf(await buildMember(database.db, projectId, role)),
		})),
	);
	if (!admin || !editor || !viewer) throw new Error("Three members were made.");
	await database.db.orm.update(plans).set({ ownerUserId: editor.userId }).where(eq(plans.id, planId));
	const told = async (type: EventType, data: Record<string, unknown> = {}) => {
		await stampEvents(database.db);
		const after = await currentPosition(scene.system);
		await inTransaction(owner, (tx) => emit(tx, { type, subjectId: randomUUID(), data } as NewEvent));
		await stampEvents(database.db);
		const changes = await readChanges(scene.system, { projectId, after, limit: 9 });
		return [admin, editor, viewer].filter((member) => changes.toldTo(member).length > 0).map(({ role }) => role);
	};
	for (const [type, data] of [
		["invitation.created", { role: "viewer" }],
		["invitation.accepted", { user_id: viewer.userId }],
		["invitation.revoked", {}],
	] as const) {
		expect(await told(type, data)).toEqual(["admin"]);
		expect(await told(type, { ...data, plan_id: planId })).toEqual(["admin", "editor"]);
	}
	for (const type of ["token.created", "token.revoked"] as const)
		expect(await told(type, { user_id: viewer.userId })).toEqual(["admin", "viewer"]);
	for (const type of ["agent.decision.vote.received", "person.command.received"] as const) expect(await told(type)).toEqual([]);
	expect(await told("agent.created", { name: "Echo" })).toEqual(["admin", "editor", "viewer"]);
});
