import { randomUUID } from "node:crypto";
import type { Role } from "@agentplanner/contracts";
import {
	and,
	asc,
	eq,
	messageDeliveries,
	messagingIntegrations,
	planCollaborators,
	plans,
	projectMembers,
	sql,
	timers,
	webhookSubscriptions,
} from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction, type ProjectContext } from "../context.ts";
import { claimDelivery } from "../deliveries/claim-delivery.ts";
import { recordOutcome } from "../deliveries/record-outcome.ts";
import { emit, type NewEvent } from "../emit.ts";
import { currentPosition } from "../events/current-position.ts";
import { stampEvents } from "../events/stamp-events.ts";
import { verifyChain } from "../events/verify-chain.ts";
import { delivered, failed } from "../requests/testing.ts";
import { buildContext, buildIntegration, buildMember, buildProject, buildSubscription, userIdOf } from "../testing.ts";
import { continueReplay, replayEvents } from "./replay-events.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const drain = async () => {
	for (;;) if (((await stampEvents(database.db)) || 0) === 0) return;
};

const buildScene = async (overrides: Partial<typeof webhookSubscriptions.$inferInsert> = {}) => {
	const owner = await buildProject(database.db);
	const integration = await buildIntegration(database.db, owner.projectId);
	await drain();
	const subscription = await buildSubscription(database.db, owner.projectId, { integrationId: integration.id, ...overrides });
	const system: ProjectContext = { ...buildContext(database.db), projectId: owner.projectId };
	return { owner, system, integration, subscription, projectId: owner.projectId };
};
type Scene = Awaited<ReturnType<typeof buildScene>>;

const say = (ctx: ProjectContext, event: NewEvent) => inTransaction(ctx, (tx) => emit(tx, event));
const goalCreated = (): NewEvent => ({ type: "goal.created", subjectId: randomUUID(), data: { title: "Fewer calls", parent_id: null } });
const goalUpdated = (): NewEvent => ({ type: "goal.updated", subjectId: randomUUID(), data: { version: 2 } });
const planUpdated = (planId: string): NewEvent => ({ type: "plan.updated", subjectId: planId, data: { version: 2 } });

const sent = async ({ subscription }: Pick<Scene, "subscription">) => {
	await drain();
	return database.db.orm
		.select()
		.from(messageDeliveries)
		.where(eq(messageDeliveries.subscriptionId, subscription.id))
		.orderBy(asc(messageDeliveries.id));
};
const typesOf = async (scene: Pick<Scene, "subscription">) =>
	(await sent(scene)).map(({ content }) => (content.kind === "event" ? content.type : content.kind));

const buildPlan = async ({ projectId }: Scene, visibility: "private" | "project") => {
	const [plan] = await database.db.orm.insert(plans).values({ projectId, title: "Launch", visibility }).returning();
	return plan?.id ?? "";
};

describe("an event", () => {
	test("becomes one delivery for each subscription that wants it, due at once, with all that was said", async () => {
		const scene = await buildScene({ types: ["plan.*"] });
		const other = await buildSubscription(database.db, scene.projectId, { integrationId: scene.integration.id, types: ["plan.updated"] });
		const planId = await buildPlan(scene, "project");
		await say(scene.owner, planUpdated(planId));
		await say(scene.owner, goalCreated());
		const [delivery, ...more] = await sent(scene);
		expect(more).toEqual([]);
		expect(await typesOf({ subscription: other })).toEqual(["plan.updated"]);
		expect(delivery).toMatchObject({
			kind: "event",
			status: "queued",
			content: {
				kind: "event",
				type: "plan.updated",
				schema_version: 1,
				project_id: scene.projectId,
				subject_id: planId,
				plan_id: planId,
				node_id: null,
				data: { version: 2 },
				actor: { type: "user", id: userIdOf(scene.owner), name: "owner" },
				position: expect.any(Number),
			},
		});
		expect(JSON.stringify(delivery?.content)).not.toContain("sessionId");
		const [timer] = await database.db.orm
			.select({ due: sql<boolean>`due_at <= now()` })
			.from(timers)
			.where(eq(timers.subjectId, delivery?.id ?? ""));
		expect(timer).toEqual({ due: true });
	});

	test("committed late is sent all the same, and none is sent twice", async () => {
		const scene = await buildScene();
		await inTransaction(scene.owner, async (tx) => {
			emit(tx, { type: "agent.updated", subjectId: randomUUID(), data: { version: 2 } });
			await say(scene.owner, goalCreated());
			expect(await typesOf(scene)).toEqual(["goal.created"]);
		});
		expect(await typesOf(scene)).toEqual(["goal.created", "agent.updated"]);
		await Promise.all([stampEvents(database.db), stampEvents(database.db)]);
		expect(await sent(scene)).toHaveLength(2);
	});

	test.each<[string, Partial<typeof webhookSubscriptions.$inferInsert>]>([
		["that is paused", { enabled: false }],
		["that begins later", { fromPosition: 1_000_000 }],
		["to other types", { types: ["agent.request.*", "goal.updated"] }],
		["whose condition doesn't hold", { condition: { to: "completed" } }],
		["to another plan", { planIds: [randomUUID()] }],
	])("is not sent to a subscription %s", async (_, overrides) => {
		const scene = await buildScene(overrides);
		await say(scene.owner, goalCreated());
		expect(await sent(scene)).toEqual([]);
	});

	test("is not laid up while the integration is disabled; a replay sends what was missed, once", async () => {
		const scene = await buildScene({ types: ["goal.*"] });
		const enable = (enabled: boolean) =>
			database.db.orm.update(messagingIntegrations).set({ enabled }).where(eq(messagingIntegrations.id, scene.integration.id));
		await say(scene.owner, goalCreated());
		await drain();
		const position = await currentPosition(scene.owner);
		await enable(false);
		await say(scene.owner, goalUpdated());
		expect(await typesOf(scene)).toEqual(["goal.created"]);
		await expect(replayEvents(scene.owner, scene.subscription.id, { from_position: 0 })).rejects.toMatchObject({ code: "conflict" });
		await enable(true);
		const { replay } = await replayEvents(scene.owner, scene.subscription.id, { from_position: 0 });
		// Switched off on its way, it waits and goes on.
		await enable(false);
		await continueReplay(scene.system, scene.subscription.id);
		expect(await typesOf(scene)).toEqual(["goal.created"]);
		await enable(true);
		expect(replay).toEqual({ position: 0, until: expect.any(Number) });
		expect(replay?.until).toBeGreaterThan(position);
		await expect(replayEvents(scene.owner, scene.subscription.id, { from_position: 0 })).rejects.toMatchObject({ code: "conflict" });
		await continueReplay(scene.system, scene.subscription.id);
		expect(await typesOf(scene)).toEqual(["goal.created", "goal.updated"]);
		const [after] = await database.db.orm.select().from(webhookSubscriptions).where(eq(webhookSubscriptions.id, scene.subscription.id));
		expect(after).toMatchObject({ replayPosition: null, replayUntil: null });
		expect(await database.db.orm.select().from(timers).where(eq(timers.type, "subscription.replay.due"))).toEqual([]);
	});

	test("of more than 14 days ago is not sent again, and a replay goes on step by step", async () => {
		const scene = await buildScene({ types: ["goal.*"], fromPosition: 1_000_000 });
		await inTransaction(scene.owner, (tx) => emit(tx, ...Array.from({ length: 700 }, goalCreated)));
		await say(scene.owner, goalUpdated());
		await drain();
		await database.db.orm.execute(sql`
			update events set occurred_at = now() - interval '15 days' where id in (
				select id from events where project_id = ${scene.projectId} order by position limit 100)`);
		const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString();
		await expect(replayEvents(scene.owner, scene.subscription.id, { since: monthAgo })).rejects.toMatchObject({
			fields: [{ field: "body.since" }],
		});
		await replayEvents(scene.owner, scene.subscription.id, { since: new Date(Date.now() - 13 * 86_400_000).toISOString() });
		await continueReplay(scene.system, scene.subscription.id);
		expect(await database.db.orm.$count(messageDeliveries, eq(messageDeliveries.subscriptionId, scene.subscription.id))).toBe(500);
		await continueReplay(scene.system, scene.subscription.id);
		expect(await sent(scene)).toHaveLength(601);
	});
});

describe("private plans", () => {
	const privately = async (role: Role | "nobody", planNamed: boolean, shared = false) => {
		const scene = await buildScene();
		const planId = await buildPlan(scene, "private");
		const sponsor = await buildMember(database.db, scene.projectId, role === "nobody" ? "viewer" : role);
		const ownerUserId = userIdOf(sponsor);
		if (role === "nobody") await database.db.orm.delete(projectMembers).where(eq(projectMembers.userId, ownerUserId));
		if (shared)
			await database.db.orm.insert(planCollaborators).values({ projectId: scene.projectId, planId, userId: ownerUserId, role: "viewer" });
		await database.db.orm
			.update(webhookSubscriptions)
			.set({ ownerUserId, planIds: planNamed ? [planId] : null })
			.where(eq(webhookSubscriptions.id, scene.subscription.id));
		await say(scene.owner, planUpdated(planId));
		await say(scene.owner, { type: "node.updated", subjectId: randomUUID(), data: { plan_id: planId, version: 2 } });
		return (await sent(scene)).length;
	};
	test("are told of where they are named by somebody who sees them, and nowhere else", async () => {
		expect(await privately("admin", true)).toBe(2);
		expect(await privately("admin", false)).toBe(0);
		expect(await privately("editor", true)).toBe(0);
		expect(await privately("editor", true, true)).toBe(2);
		expect(await privately("nobody", true)).toBe(0);
	});
});

describe("sending an event", () => {
	const attempt = async (scene: Scene, outcome: Parameters<typeof recordOutcome>[2]) => {
		const [delivery] = await sent(scene);
		const claim = await claimDelivery(scene.system, delivery?.id ?? "", "w1");
		if (!claim) throw new Error("It can't be claimed.");
		await recordOutcome(scene.system, claim, outcome);
		return delivery?.id ?? "";
	};

	test("says nothing when it arrives", async () => {
		const scene = await buildScene();
		await say(scene.owner, goalCreated());
		await attempt(scene, delivered());
		expect(await sent(scene)).toMatchObject([{ status: "delivered" }]);
	});

	test("that is refused is told to people, and to no subscription: no loop", async () => {
		const scene = await buildScene();
		await say(scene.owner, goalCreated());
		const id = await attempt(scene, failed("rejected"));
		expect(await sent(scene)).toMatchObject([{ id, status: "dead" }]);
		const { rows } = await database.db.orm.execute(sql`select type from events where subject_id = ${id}`);
		expect(rows).toEqual([{ type: "message.delivery.dead" }]);
	});

	test("to a receiver that takes nothing for days, or is gone, warns people and no subscription", async () => {
		for (const [days, outcome, type] of [
			[2, failed("unavailable"), "integration.failing"],
			[6, failed("unavailable"), "integration.disabled"],
			[0, failed("rejected", { gone: true }), "integration.disabled"],
		] as const) {
			const scene = await buildScene();
			const elsewhere = await buildIntegration(database.db, scene.projectId);
			const other = await buildSubscription(database.db, scene.projectId, { integrationId: elsewhere.id, types: ["integration.*"] });
			await database.db.orm
				.update(messagingIntegrations)
				.set({ failures: 20, failingSince: new Date(Date.now() - days * 86_400_000) })
				.where(eq(messagingIntegrations.id, scene.integration.id));
			await say(scene.owner, goalCreated());
			await attempt(scene, outcome);
			expect(await sent(scene)).toHaveLength(1);
			expect(await typesOf({ subscription: other })).toEqual([]);
			const { rows } = await database.db.orm.execute(sql`select type from events where subject_id = ${scene.integration.id}`);
			expect(rows).toContainEqual({ type });
		}
	});

	test("to a receiver that wants patience, or refuses credentials, makes no event that is sent there", async () => {
		for (const kind of ["rate_limited", "unauthorized"] as const) {
			const scene = await buildScene();
			await say(scene.owner, goalCreated());
			await attempt(scene, failed(kind));
			expect(await sent(scene)).toHaveLength(1);
		}
	});
});

test("events that very many subscriptions want are stamped in smaller batches, none forgotten", { timeout: 60_000 }, async () => {
	const owner = await buildProject(database.db);
	const { id: integrationId } = await buildIntegration(database.db, owner.projectId);
	await drain();
	const row = { projectId: owner.projectId, integrationId, ownsIntegration: false, types: ["goal.*"], fromPosition: 0, owner: "Ada" };
	await database.db.orm.insert(webhookSubscriptions).values(Array.from({ length: 60 }, (_, index) => ({ ...row, name: `${index}` })));
	await inTransaction(owner, (tx) => emit(tx, ...Array.from({ length: 100 }, goalUpdated)));
	const sizes = [await stampEvents(database.db), await stampEvents(database.db), await stampEvents(database.db)];
	expect(sizes).toEqual([83, 17, 0]);
	expect(await database.db.orm.$count(messageDeliveries, eq(messageDeliveries.projectId, owner.projectId))).toBe(6_000);
	expect(await verifyChain(database.db, owner.projectId)).toBeNull();
});

test("500 events to 20 subscriptions are stamped in a moment", {
	timeout: 60_000,
}, async () => {
	const measure = async (subscriptions: number) => {
		const owner = await buildProject(database.db);
		const { id: integrationId } = await buildIntegration(database.db, owner.projectId);
		await drain();
		for (let made = 0; made < subscriptions; made += 1)
			await buildSubscription(database.db, owner.projectId, {
				integrationId,
				types: ["goal.*", "plan.updated"],
				condition: { version: [1, 2] },
			});
		await inTransaction(owner, (tx) => emit(tx, ...Array.from({ length: 500 }, goalUpdated)));
		const before = performance.now();
		await drain();
		const tookMs = performance.now() - before;
		expect(await database.db.orm.$count(messageDeliveries, and(eq(messageDeliveries.projectId, owner.projectId)))).toBe(
			500 * subscriptions,
		);
		return tookMs;
	};
	await measure(0);
	expect(await measure(20)).toBeLessThan(10_000);
});
