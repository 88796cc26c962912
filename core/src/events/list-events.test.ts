import { randomUUID } from "node:crypto";
import { TimelineQuery } from "@agentplanner/contracts";
import { planCollaborators } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAgent } from "../agents/create-agent.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ForbiddenError, NotFoundError } from "../errors.ts";
import { deletePlan } from "../plans/delete-plan.ts";
import { agentContext, ask, askAndDispatch, buildScene } from "../requests/testing.ts";
import { setVisibility } from "../sharing/set-visibility.ts";
import { buildMember, userIdOf } from "../testing.ts";
import { getProjectTimeline } from "../timelines/get-timeline.ts";
import { currentPosition } from "./current-position.ts";
import { listEvents } from "./list-events.ts";
import { stampEvents } from "./stamp-events.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("before the first event the position is 0", async () => {
	expect(await currentPosition((await buildScene(database.db)).system)).toBe(0);
});

describe("listEvents", () => {
	test("reads a project's events in order, page by page, without other projects'", async () => {
		const scene = await buildScene(database.db);
		const { id } = await askAndDispatch(scene);
		await askAndDispatch(await buildScene(database.db));
		await ask(scene);
		await stampEvents(database.db);
		const first = await listEvents(await buildMember(database.db, scene.projectId, "viewer"), { limit: 2, cursor: 0 });
		expect(first.items.map(({ type }) => type)).toEqual(["agent.request.created", "agent.request.dispatched"]);
		expect(first.items[1]).toMatchObject({ subject_type: "request", subject_id: id, data: { deliveries: 1 }, actor: { type: "system" } });
		expect(first.next_cursor).toBe(first.items[1]?.position);
		const second = await listEvents(scene.owner, { limit: 2, cursor: first.next_cursor });
		expect(second.items).toHaveLength(1);
		const end = await listEvents(scene.owner, { limit: 2, cursor: second.next_cursor });
		expect(end).toEqual({ items: [], next_cursor: second.next_cursor });
	});

	test("reads one subject's if asked, and shows nothing that isn't stamped", async () => {
		const scene = await buildScene(database.db);
		const { id } = await ask(scene);
		await ask(scene);
		expect((await listEvents(scene.owner, { limit: 9, cursor: 0 })).items).toEqual([]);
		await stampEvents(database.db);
		expect((await listEvents(scene.owner, { limit: 9, cursor: 0, subject_id: id })).items).toMatchObject([{ subject_id: id }]);
	});

	test("reads the types and the plan that are asked for alone, and goes on behind what it left out", async () => {
		const scene = await buildScene(database.db);
		const { plan_id: planId } = await ask(scene);
		await createAgent(scene.owner, { name: "Of all", description: "", capabilities: [] });
		await stampEvents(database.db);
		const head = await currentPosition(scene.system);
		const read = async (query: object) => {
			const { items, next_cursor } = await listEvents(scene.owner, { limit: 9, cursor: 0, ...query });
			return [items.map(({ type }) => type), next_cursor];
		};
		expect(await read({ types: "agent.created,goal.*" })).toEqual([["agent.created"], head]);
		expect(await read({ types: "agent.request.*" })).toEqual([["agent.request.created"], head]);
		expect(await read({ types: "agent.request" })).toEqual([[], head]);
		expect(await read({ types: "*", limit: 1 })).toEqual([["agent.request.created"], head - 1]);
		expect(await read({ plan_id: planId })).toEqual([["agent.request.created"], head]);
	});

	test("leaves out what happened in plans that one doesn't see, also when they are deleted", async () => {
		const scene = await buildScene(database.db);
		const { plan_id: planId } = await ask(scene);
		const viewer = await buildMember(database.db, scene.projectId, "viewer");
		await setVisibility(scene.owner, planId, { visibility: "private" }, null);
		await stampEvents(database.db);
		const head = await currentPosition(scene.system);
		// What was left out was read all the same: it isn't looked through again.
		expect(await listEvents(viewer, { limit: 9, cursor: 0 })).toEqual({ items: [], next_cursor: head });
		await deletePlan(scene.owner, planId, null);
		await createAgent(scene.owner, { name: "Of all", description: "", capabilities: [] });
		await stampEvents(database.db);
		const typesFor = async (ctx: ProjectContext) => (await listEvents(ctx, { limit: 9, cursor: 0 })).items.map(({ type }) => type);
		expect(await typesFor(viewer)).toEqual(["agent.created"]);
		expect(await typesFor(scene.owner)).toEqual(["agent.request.created", "plan.visibility.changed", "plan.deleted", "agent.created"]);
	});

	test("shows invitations, tokens, votes and subscriptions to those alone who may read them, and nobody's session", async () => {
		const scene = await buildScene(database.db);
		const { planId } = scene.node;
		const [viewer, admin, planAdmin] = await Promise.all(
			(["viewer", "admin", "editor"] as const).map((role) => buildMember(database.db, scene.projectId, role)),
		);
		if (!viewer || !admin || !planAdmin) throw new Error("Three members were made.");
		await database.db.orm
			.insert(planCollaborators)
			.values({ projectId: scene.projectId, planId, userId: userIdOf(planAdmin), role: "admin" });
		const subject = () => ({ subjectId: randomUUID() });
		await inTransaction(scene.owner, (tx) =>
			emit(
				tx,
				{ type: "invitation.created", ...subject(), data: { role: "editor" } },
				{ type: "invitation.revoked", ...subject(), data: { plan_id: planId } },
				{ type: "token.created", ...subject(), data: { user_id: userIdOf(viewer) } },
				{ type: "token.revoked", ...subject(), data: { user_id: userIdOf(admin) } },
				{ type: "subscription.deleted", ...subject(), data: { name: "n8n" } },
				{ type: "agent.decision.vote.received", ...subject(), data: {} },
				{ type: "agent.updated", ...subject(), data: { version: 2 } },
			),
		);
		await stampEvents(database.db);
		for (const [reader, hidden] of [
			[admin, []],
			[planAdmin, ["invitation.created", "token.created", "token.revoked", "subscription.deleted", "agent.decision.vote.received"]],
			[viewer, ["invitation.created", "invitation.revoked", "token.revoked", "subscription.deleted", "agent.decision.vote.received"]],
		] as const) {
			const { items } = await listEvents(reader, { limit: 9, cursor: 0 });
			const all = (await listEvents(scene.owner, { limit: 9, cursor: 0 })).items.map(({ type }) => type);
			const shown = all.filter((type) => !(hidden as readonly string[]).includes(type));
			expect(items.map(({ type }) => type)).toEqual(shown);
			const timeline = await getProjectTimeline(reader, TimelineQuery.parse({}));
			expect(timeline.items.map(({ type }) => type).toReversed()).toEqual(shown);
			expect(JSON.stringify(items)).not.toContain("sessionId");
			expect(items[0]?.actor).toMatchObject({ type: "user", name: "owner" });
		}
	});

	test("not for strangers and agents", async () => {
		const scene = await buildScene(database.db);
		const { deliveryIds } = await askAndDispatch(scene);
		const stranger = await buildScene(database.db);
		const query = { limit: 1, cursor: 0 };
		await expect(listEvents({ ...stranger.owner, projectId: scene.projectId }, query)).rejects.toThrow(NotFoundError);
		await expect(listEvents(await agentContext(scene, deliveryIds[0]), query)).rejects.toThrow(ForbiddenError);
	});
});
