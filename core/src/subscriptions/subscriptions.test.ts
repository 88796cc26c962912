import { randomUUID } from "node:crypto";
import { type Adapter, CreateSubscriptionInput, type Role } from "@agentplanner/contracts";
import { auditLogs, eq, messageDeliveries, messagingIntegrations, sql, timers, webhookSubscriptions } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { ProjectContext } from "../context.ts";
import { listDeliveries } from "../deliveries/list-deliveries.ts";
import { retryDelivery } from "../deliveries/retry-delivery.ts";
import { stampEvents } from "../events/stamp-events.ts";
import { testAdapter } from "../integrations/testing.ts";
import { untilBlocked } from "../projects/race.ts";
import { buildContext, buildMember, buildNode, buildProject, buildRoutedAgent, someContent, testKeys } from "../testing.ts";
import { createSubscription } from "./create-subscription.ts";
import { deleteSubscription } from "./delete-subscription.ts";
import { listSubscriptionDeliveries } from "./list-subscription-deliveries.ts";
import { getSubscription, listSubscriptions } from "./list-subscriptions.ts";
import { expirePreviousSecret, rotateSecret } from "./rotate-secret.ts";
import { disableSubscription, enableSubscription } from "./switch-subscription.ts";
import { testSubscription } from "./test-subscription.ts";
import { updateSubscription } from "./update-subscription.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const numbers = Array.from({ length: 100 }, (_, index) => index).values();
const adapter: Adapter = {
	...testAdapter,
	secrets: testAdapter.secrets,
	createSecrets: () => ({ signing_secret: `made-${numbers.next().value}` }),
	rotation: { secret: "signing_secret", previous: "bot_token" },
	takesEvents: true,
};
const urlChannel = {
	adapter,
	configOf: ({ url, authorization }: { url: string; authorization?: string | undefined }) => ({
		settings: { url },
		secrets: authorization === undefined ? {} : { bot_token: authorization },
	}),
};
const byId = (id: string) => (id === adapter.id ? adapter : id === "deaf" ? { ...adapter, id, takesEvents: undefined as never } : null);
const create = (ctx: ProjectContext, input: Partial<CreateSubscriptionInput> = {}) =>
	createSubscription(ctx, CreateSubscriptionInput.parse({ name: "n8n", url: "https://n8n.example.org/1", ...input }), { byId, urlChannel });
const secretsOf = async (integrationId: string): Promise<Record<string, string>> => {
	const [row] = await database.db.orm.select().from(messagingIntegrations).where(eq(messagingIntegrations.id, integrationId));
	return row ? JSON.parse(testKeys.open(row.credentials, row.id)) : {};
};

describe("a subscription to a URL", () => {
	test("makes its integration with it, tells the secret once, and is listed with how it stands", async () => {
		const owner = await buildProject(database.db);
		const { created_secrets, ...subscription } = await create(owner, { types: ["agent.request.*"], condition: { status: "failed" } });
		expect(subscription).toMatchObject({
			name: "n8n",
			types: ["agent.request.*"],
			state: "active",
			integration: { name: "n8n", url: "https://n8n.example.org/1", enabled: true },
			owner: "owner",
			last_delivery: null,
			waiting_deliveries: 0,
		});
		expect(await secretsOf(subscription.integration.id)).toEqual(created_secrets);
		expect(await listSubscriptions(owner)).toEqual({ items: [subscription] });
		const audits = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.projectId, owner.projectId));
		expect(audits.map(({ type }) => type)).toEqual(["integration.created", "subscription.created"]);
	});

	test.each<[string, Partial<CreateSubscriptionInput>, string]>([
		["a type that no event has", { types: ["*", "agent.reqest.*"] }, "body.types.1"],
		["a plan that isn't there", { plan_ids: ["01a201b7-9fd2-796e-b7cc-668ea2648e8e"] }, "body.plan_ids.0"],
		["a condition that can't be used", { condition: { status: { like: "x" } } }, "body.condition.status"],
		["no target", { url: undefined }, "body.url"],
		["two targets", { integration_id: "01a201b7-9fd2-796e-b7cc-668ea2648e8e" }, "body.url"],
		["an integration of nobody", { url: undefined, integration_id: "01a201b7-9fd2-796e-b7cc-668ea2648e8e" }, "body.integration_id"],
		["settings that the adapter refuses", { url: "x".repeat(300) }, "body.url"],
	])("is refused for %s, and nothing of it stays", async (_, input, field) => {
		const owner = await buildProject(database.db);
		await expect(create(owner, input)).rejects.toMatchObject({ code: "unprocessable", fields: [{ field }] });
		expect(await database.db.orm.$count(messagingIntegrations, eq(messagingIntegrations.projectId, owner.projectId))).toBe(0);
	});

	test("of a name that is taken is a conflict, also of two at once", async () => {
		const owner = await buildProject(database.db);
		const results = await Promise.allSettled([create(owner), create(owner)]);
		expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
	});

	test("is refused beyond a hundred in a project, also of two at once", async () => {
		const owner = await buildProject(database.db);
		const { integration } = await create(owner);
		const target = { url: undefined, integration_id: integration.id };
		const row = {
			projectId: owner.projectId,
			integrationId: integration.id,
			ownsIntegration: false,
			types: ["*"],
			fromPosition: 0,
			owner: "Ada",
		};
		await database.db.orm.insert(webhookSubscriptions).values(Array.from({ length: 98 }, (_, index) => ({ ...row, name: `${index}` })));
		const last = await Promise.allSettled(["A", "B"].map((name) => create(owner, { name, ...target })));
		expect(last.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		expect(last.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict", message: /at most 100/ } });
	});

	test("goes step by step where its log is long; it is switched off first, and waits for what is being claimed without a deadlock", async () => {
		const owner = await buildProject(database.db);
		const { id, integration } = await create(owner);
		const { id: deliveryId } = await testSubscription(owner, id);
		const row = {
			projectId: owner.projectId,
			subscriptionId: id,
			integrationId: integration.id,
			kind: "event" as const,
			content: someContent,
		};
		const many = Array.from({ length: 2_500 }, () => ({ ...row, eventId: randomUUID(), status: "delivered" as const }));
		await database.db.orm.insert(messageDeliveries).values(many);
		const transactions = vi.spyOn(database.db.orm, "transaction");
		// As a claim: the delivery first, then its timer, then its channel.
		const deleting = await database.db.orm.transaction(async (tx) => {
			await tx.select().from(messageDeliveries).where(eq(messageDeliveries.id, deliveryId)).for("no key update");
			const deletion = deleteSubscription(owner, id);
			deletion.catch(() => {});
			await untilBlocked(database.db);
			expect(await getSubscription(owner, id)).toMatchObject({ enabled: false });
			await tx.update(timers).set({ fired: 1 }).where(eq(timers.subjectId, deliveryId));
			await tx.update(messagingIntegrations).set({ heldReason: null }).where(eq(messagingIntegrations.id, integration.id));
			return { deletion };
		});
		await deleting.deletion;
		// That one, the switch, three steps and the end.
		expect(transactions).toHaveBeenCalledTimes(6);
		transactions.mockRestore();
		for (const table of [messagingIntegrations, messageDeliveries, timers])
			expect(await database.db.orm.$count(table, eq(table.projectId, owner.projectId))).toBe(0);
	});

	test("goes with its log and its integration when it is deleted, unless that is used elsewhere", async () => {
		const owner = await buildProject(database.db);
		const first = await create(owner);
		await testSubscription(owner, first.id);
		const second = await create(owner, { name: "Copy", url: undefined, integration_id: first.integration.id });
		await deleteSubscription(owner, second.id);
		expect(await database.db.orm.$count(messagingIntegrations, eq(messagingIntegrations.projectId, owner.projectId))).toBe(1);
		await deleteSubscription(owner, first.id);
		await expect(getSubscription(owner, first.id)).rejects.toMatchObject({ code: "not_found" });
		for (const table of [messagingIntegrations, messageDeliveries, timers])
			expect(await database.db.orm.$count(table, eq(table.projectId, owner.projectId))).toBe(0);
		const third = await create(owner);
		await buildRoutedAgent(database.db, owner.projectId, third.integration.id);
		await deleteSubscription(owner, third.id);
		expect(await database.db.orm.$count(messagingIntegrations, eq(messagingIntegrations.projectId, owner.projectId))).toBe(1);
	});
});

test("an integration that takes no events is refused", async () => {
	const owner = await buildProject(database.db);
	const { integration } = await create(owner);
	await database.db.orm.update(messagingIntegrations).set({ adapter: "deaf" }).where(eq(messagingIntegrations.id, integration.id));
	await expect(create(owner, { name: "Deaf", url: undefined, integration_id: integration.id })).rejects.toMatchObject({
		fields: [{ field: "body.integration_id" }],
	});
});

test("only who answers for the project manages subscriptions, and sees what they are sent", async () => {
	const owner = await buildProject(database.db);
	const { id } = await create(owner);
	const { id: deliveryId } = await testSubscription(owner, id);
	for (const role of ["editor", "viewer", "guest"] satisfies Role[]) {
		const member = await buildMember(database.db, owner.projectId, role);
		const refused = { code: "forbidden" };
		await expect(create(member)).rejects.toMatchObject(refused);
		await expect(listSubscriptions(member)).rejects.toMatchObject(refused);
		await expect(getSubscription(member, id)).rejects.toMatchObject(refused);
		await expect(updateSubscription(member, id, { name: "Mine" }, null)).rejects.toMatchObject(refused);
		await expect(disableSubscription(member, id)).rejects.toMatchObject(refused);
		await expect(enableSubscription(member, id)).rejects.toMatchObject(refused);
		await expect(deleteSubscription(member, id)).rejects.toMatchObject(refused);
		await expect(testSubscription(member, id)).rejects.toMatchObject(refused);
		await expect(rotateSecret(member, id, { overlapHours: 1, adapterById: byId })).rejects.toMatchObject(refused);
		await expect(listSubscriptionDeliveries(member, id, { limit: 5 })).rejects.toMatchObject(refused);
		await expect(retryDelivery(member, deliveryId)).rejects.toMatchObject(refused);
		expect((await listDeliveries(member, { limit: 5 })).items).toEqual([]);
	}
	const admin = await buildMember(database.db, owner.projectId, "admin");
	expect((await listDeliveries(admin, { limit: 5 })).items).toMatchObject([{ id: deliveryId, event: { subscription_id: id } }]);
	const other = await buildProject(database.db);
	await expect(getSubscription({ ...other }, id)).rejects.toMatchObject({ code: "not_found" });
});

test("an edit needs the version that was read, and whoever makes it answers for it from then on", async () => {
	const owner = await buildProject(database.db);
	const admin = await buildMember(database.db, owner.projectId, "admin");
	const { planId } = await buildNode(database.db, owner.projectId);
	const { id, version } = await create(owner);
	expect(await updateSubscription(admin, id, { types: ["plan.*"], plan_ids: [planId] }, version)).toMatchObject({
		types: ["plan.*"],
		plan_ids: [planId],
		owner: "admin",
		version: version + 1,
	});
	await expect(updateSubscription(owner, id, { types: ["*"] }, version)).rejects.toMatchObject({ code: "precondition_failed" });
	await expect(updateSubscription(owner, id, { condition: {} }, null)).rejects.toMatchObject({ fields: [{ field: "body.condition" }] });
	const both = await Promise.allSettled(["A", "B"].map((name) => updateSubscription(owner, id, { name }, version + 1)));
	expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("paused it is sent nothing; enabled again it begins anew, and lets its integration go, too", async () => {
	const owner = await buildProject(database.db);
	const { id, from_position, integration } = await create(owner);
	expect(await disableSubscription(owner, id)).toMatchObject({ enabled: false, state: "paused" });
	await stampEvents(database.db);
	await database.db.orm
		.update(messagingIntegrations)
		.set({ enabled: false, failures: 3 })
		.where(eq(messagingIntegrations.id, integration.id));
	await expect(testSubscription(owner, id)).rejects.toMatchObject({ code: "conflict" });
	const again = await enableSubscription(owner, id);
	expect(again).toMatchObject({ enabled: true, state: "active", integration: { enabled: true } });
	expect(again.from_position).toBeGreaterThan(from_position);
});

test("a test goes to the subscription alone, on the way that events take", async () => {
	const owner = await buildProject(database.db);
	const { id } = await create(owner, { types: ["goal.created"] });
	const delivery = await testSubscription(owner, id);
	expect(delivery).toMatchObject({
		kind: "event",
		status: "queued",
		event: { type: "subscription.test", position: null, subscription_id: id },
	});
	expect(await getSubscription(owner, id)).toMatchObject({
		last_delivery: { id: delivery.id, type: "subscription.test" },
		waiting_deliveries: 1,
	});
	expect(await listSubscriptionDeliveries(owner, id, { limit: 1 })).toMatchObject({ items: [{ id: delivery.id }], next_cursor: null });
	expect(await database.db.orm.select({ type: timers.type }).from(timers).where(eq(timers.subjectId, delivery.id))).toEqual([
		{ type: "message.delivery.due" },
	]);
});

describe("a new secret", () => {
	const system = (ctx: ProjectContext): ProjectContext => ({ ...buildContext(database.db), projectId: ctx.projectId });
	const passOverlap = (integrationId: string) =>
		database.db.orm.execute(sql`update messaging_integrations set previous_secret_until = now() where id = ${integrationId}`);

	test("lets the old one sign until the overlap is over, and not longer", async () => {
		const owner = await buildProject(database.db);
		const { id, integration, created_secrets: old } = await create(owner);
		const rotated = await rotateSecret(owner, id, { overlapHours: 24, adapterById: byId });
		const inADay = Date.parse(rotated.integration.previous_secret_until ?? "") - Date.now();
		expect(Math.abs(inADay - 86_400_000)).toBeLessThan(60_000);
		const { signing_secret } = rotated.created_secrets;
		expect(await secretsOf(integration.id)).toEqual({ signing_secret, bot_token: old.signing_secret });
		await expirePreviousSecret(system(owner), integration.id, byId);
		expect(await secretsOf(integration.id)).toHaveProperty("bot_token");
		await passOverlap(integration.id);
		await expirePreviousSecret(system(owner), integration.id, byId);
		expect(await secretsOf(integration.id)).toEqual({ signing_secret });
		expect((await getSubscription(owner, id)).integration.previous_secret_until).toBeNull();
		expect(await database.db.orm.$count(timers, eq(timers.subjectId, integration.id))).toBe(0);
	});

	test("at once ends the old one, and one that was still signing", async () => {
		const owner = await buildProject(database.db);
		const { id, integration } = await create(owner);
		await rotateSecret(owner, id, { overlapHours: 1, adapterById: byId });
		const { created_secrets } = await rotateSecret(owner, id, { overlapHours: 0, adapterById: byId });
		expect(await secretsOf(integration.id)).toEqual(created_secrets);
		expect(await database.db.orm.$count(timers, eq(timers.subjectId, integration.id))).toBe(0);
		expect(await database.db.orm.$count(webhookSubscriptions, eq(webhookSubscriptions.id, id))).toBe(1);
	});
});
