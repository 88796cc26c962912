import { randomUUID } from "node:crypto";
import { eq, events, projectMembers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { buildAgent, buildMember, buildNode, buildProject, userIdOf } from "../testing.ts";
import { getNodeAssignments } from "./get-node-assignments.ts";
import { listAssignments } from "./list-assignments.ts";
import { setNodeAssignments } from "./set-node-assignments.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const build = async () => {
	const owner = await buildProject(database.db);
	const editor = await buildMember(database.db, owner.projectId, "editor");
	const node = await buildNode(database.db, owner.projectId);
	const agent = await buildAgent(database.db, owner.projectId, "Writer");
	return { owner, editor, node, agent, members: { user_id: userIdOf(editor) }, writer: { agent_id: agent.id } };
};

test("members and agents are assigned, listed, kept with their date, and taken away", async () => {
	const { owner, editor, node, members, writer } = await build();
	const set = await setNodeAssignments(editor, node.id, { assignees: [members, writer] }, null);
	expect(set.items.map(({ name, assigned_by }) => [name, assigned_by])).toEqual([
		["editor", "editor"],
		["Writer", "editor"],
	]);
	expect(await getNodeAssignments(owner, node.id)).toEqual(set);
	const left = await setNodeAssignments(owner, node.id, { assignees: [writer] }, set.version);
	expect(left.items).toEqual(set.items.slice(1));
	expect((await listAssignments(owner, { limit: 50, plan_id: node.planId })).items).toEqual(left.items);
	expect((await listAssignments(owner, { limit: 50, user_id: userIdOf(editor) })).items).toEqual([]);
	const said = await database.db.orm.select().from(events).where(eq(events.subjectId, node.id));
	expect(said.map(({ type }) => type)).toEqual(["node.assignments.changed", "node.assignments.changed"]);
});

test("the same again changes nothing and says nothing; a list that has changed meanwhile is not overwritten", async () => {
	const { owner, node, members, writer } = await build();
	const first = await setNodeAssignments(owner, node.id, { assignees: [writer] }, null);
	expect(await setNodeAssignments(owner, node.id, { assignees: [writer] }, null)).toEqual(first);
	expect(await database.db.orm.select().from(events).where(eq(events.subjectId, node.id))).toHaveLength(1);
	await setNodeAssignments(owner, node.id, { assignees: [writer, members] }, first.version);
	await expect(setNodeAssignments(owner, node.id, { assignees: [] }, first.version)).rejects.toThrow(PreconditionFailedError);
});

test("whoever is unknown, foreign or named twice is named, and nothing changes; a viewer may not", async () => {
	const { owner, node, members, writer } = await build();
	const foreign = await build();
	const assignees = [writer, { user_id: randomUUID() }, foreign.writer, foreign.members, members, writer];
	await expect(setNodeAssignments(owner, node.id, { assignees }, null)).rejects.toMatchObject({
		fields: [
			{ field: "body.assignees.1", message: "is not a member of this project" },
			{ field: "body.assignees.2", message: "is not an agent of this project" },
			{ field: "body.assignees.3", message: "is not a member of this project" },
			{ field: "body.assignees.5", message: "is named twice" },
		],
	});
	await expect(setNodeAssignments(owner, node.id, { assignees }, null)).rejects.toThrow(UnprocessableError);
	expect((await getNodeAssignments(owner, node.id)).items).toEqual([]);
	const viewer = await buildMember(database.db, owner.projectId, "viewer");
	await expect(setNodeAssignments(viewer, node.id, { assignees: [] }, null)).rejects.toThrow(ForbiddenError);
	await expect(getNodeAssignments(foreign.owner, node.id)).rejects.toThrow(NotFoundError);
});

test("whoever leaves the project is assigned to nothing in it", async () => {
	const { owner, editor, node, members } = await build();
	await setNodeAssignments(owner, node.id, { assignees: [members] }, null);
	await database.db.orm.delete(projectMembers).where(eq(projectMembers.userId, userIdOf(editor)));
	expect((await getNodeAssignments(owner, node.id)).items).toEqual([]);
});
