import { randomUUID } from "node:crypto";
import { adapterById } from "@agentplanner/adapters";
import {
	emit,
	getSubscription,
	inTransaction,
	listSubscriptionDeliveries,
	type ProjectContext,
	rotateSecret,
	testSubscription,
} from "@agentplanner/core";
import { buildIntegration, buildProject, buildSubscription } from "@agentplanner/core/testing";
import { sql } from "@agentplanner/db";
import { describe, expect, test } from "vitest";
import { type Hit, type Reply, startReceiver, until, useWorker } from "./harness.ts";

const database = useWorker();

const subscribe = async (reply: (hit: Hit, number: number) => Reply, types = ["goal.*"]) => {
	const ctx = await buildProject(database().db);
	const receiver = await startReceiver(reply);
	const integration = await buildIntegration(database().db, ctx.projectId, receiver.url);
	const subscription = await buildSubscription(database().db, ctx.projectId, { integrationId: integration.id, types });
	return { ctx, receiver, secret: integration.secrets.signing_secret, subscriptionId: subscription.id };
};
const say = (ctx: ProjectContext) =>
	inTransaction(ctx, (tx) => emit(tx, { type: "goal.status.changed", subjectId: randomUUID(), data: { from: "draft", to: "active" } }));
/** What was said, if it was signed with that secret. */
const verify = (secret: string, { headers, body }: Hit) => {
	const rawBody = new TextEncoder().encode(JSON.stringify(body));
	const config = { settings: {}, secrets: { signing_secret: secret } };
	adapterById("webhook")?.verify?.({ method: "POST", headers: headers as Record<string, string>, rawBody }, config, new Date());
	return body;
};

describe("an event that somebody subscribed to", () => {
	test("arrives as one signed envelope under its own id", async () => {
		const { ctx, receiver, secret, subscriptionId } = await subscribe(() => ({ status: 200, body: { type: "answer", text: "not one" } }));
		await say(ctx);
		const [hit] = await until(() => receiver.hits.length > 0 && receiver.hits);
		if (!hit) throw new Error("Nothing came.");
		expect(verify(secret, hit)).toEqual({
			id: hit.headers["webhook-id"],
			type: "goal.status.changed",
			timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
			schema_version: 1,
			project_id: ctx.projectId,
			subject_id: expect.any(String),
			plan_id: null,
			node_id: null,
			position: expect.any(Number),
			actor: { type: "user", id: expect.any(String), name: "owner" },
			data: { from: "draft", to: "active" },
		});
		const log = await until(async () => {
			const { items } = await listSubscriptionDeliveries(ctx, subscriptionId, { limit: 5 });
			return items[0]?.status === "delivered" && items;
		});
		expect(log).toMatchObject([
			{ event: { id: hit.headers["webhook-id"], type: "goal.status.changed" }, attempts: [{ outcome: "delivered" }] },
		]);
		expect(receiver.hits).toHaveLength(1);
	});

	test("comes again, byte for byte the same, when it was refused for now", async () => {
		const { ctx, receiver, subscriptionId } = await subscribe((_, number) => ({ status: number === 1 ? 404 : 200 }));
		await say(ctx);
		await until(() => receiver.hits.length === 1);
		await until(async () => (await listSubscriptionDeliveries(ctx, subscriptionId, { limit: 1 })).items[0]?.status === "retrying");
		expect(await getSubscription(ctx, subscriptionId)).toMatchObject({ state: "failing", waiting_deliveries: 1 });
		await until(() => receiver.hits.length === 2, 15_000);
		const [first, second] = receiver.hits;
		expect(JSON.stringify(second?.body)).toBe(JSON.stringify(first?.body));
		expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
		await until(async () => (await getSubscription(ctx, subscriptionId)).state === "active");
	});

	test("is not sent any more to whoever says that they are gone", async () => {
		const { ctx, receiver, subscriptionId } = await subscribe(() => ({ status: 410 }));
		await say(ctx);
		const subscription = await until(async () => {
			const now = await getSubscription(ctx, subscriptionId);
			return now.state === "disabled" && now;
		});
		expect(subscription.integration.disabled_reason).toContain("410");
		expect(receiver.hits).toHaveLength(1);
	});
});

test("after a change of the secret both sign until the old one's time is over", async () => {
	const { ctx, receiver, secret, subscriptionId } = await subscribe(() => ({ status: 204 }));
	const { created_secrets } = await rotateSecret(ctx, subscriptionId, { overlapHours: 24, adapterById });
	const fresh = created_secrets.signing_secret ?? "";
	const hitOf = async (number: number) => {
		await testSubscription(ctx, subscriptionId);
		return until(() => receiver.hits[number - 1]);
	};
	const during = await hitOf(1);
	for (const one of [secret, fresh]) expect(verify(one, during)).toMatchObject({ type: "subscription.test", position: null });
	await database().db.orm.execute(sql`update messaging_integrations set previous_secret_until = now() where project_id = ${ctx.projectId}`);
	await database().db.orm.execute(
		sql`update timers set due_at = now() where project_id = ${ctx.projectId} and type = 'integration.secret.expiry.due'`,
	);
	await until(async () => (await getSubscription(ctx, subscriptionId)).integration.previous_secret_until === null);
	const after = await hitOf(2);
	expect(verify(fresh, after)).toBeTruthy();
	expect(() => verify(secret, after)).toThrow();
});
