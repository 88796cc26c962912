import { randomUUID } from "node:crypto";
import { asc, deliveryAttempts, eq, messageDeliveries, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildContext, buildIntegration, buildProject, buildSubscription, someContent } from "../testing.ts";
import { createRowCounter } from "../testing-explain.ts";
import { forgetSentEvents } from "./forget-sent-events.ts";
import { listSubscriptions } from "./list-subscriptions.ts";

let database: TestDatabase;
let countRows: ReturnType<typeof createRowCounter>;
beforeAll(async () => {
	database = await createTestDatabase();
	countRows = createRowCounter(database.db);
});
afterAll(() => database.drop());

type Values = Partial<typeof messageDeliveries.$inferInsert>;

const buildScene = async () => {
	const owner = await buildProject(database.db);
	const { projectId } = owner;
	const { id: integrationId } = await buildIntegration(database.db, projectId);
	const { id: subscriptionId } = await buildSubscription(database.db, projectId, { integrationId });
	const write = (...rows: Values[]) =>
		database.db.orm
			.insert(messageDeliveries)
			.values(
				rows.map((row) => ({
					projectId,
					integrationId,
					subscriptionId,
					eventId: randomUUID(),
					kind: "event" as const,
					content: someContent,
					...row,
				})),
			)
			.returning({ id: messageDeliveries.id });
	return { owner, subscriptionId, write };
};

/** As if it had been written then and not touched since. */
const daysAgo = (days: number) => ({
	id: sql`uuidv7(-make_interval(days => ${days}))` as unknown as string,
	updatedAt: sql`now() - make_interval(days => ${days})` as unknown as Date,
});

test("listing subscriptions reads what waits there and the last of each, neither their logs nor what waits elsewhere", async () => {
	const elsewhere = await buildScene();
	await elsewhere.write(...Array.from({ length: 3_000 }, () => ({ status: "queued" as const })));
	const { owner, write } = await buildScene();
	await write(...Array.from({ length: 3_000 }, () => ({ status: "delivered" as const })), { status: "queued" }, { status: "retrying" });
	await database.db.orm.execute(sql`analyze message_deliveries`);
	const list = () => listSubscriptions(owner);
	expect((await list()).items).toMatchObject([{ waiting_deliveries: 2, last_delivery: { status: "retrying" } }]);
	expect((await countRows(list)).message_deliveries).toBeLessThanOrEqual(10);
});

test("what was sent 30 days ago is forgotten with its attempts; what waits stays, what gave up for 90 days, unless it was put aside", async () => {
	const { owner, subscriptionId, write } = await buildScene();
	const discarded = { discardedAt: new Date(), discardedBy: "Ada", discardReason: "Test data" };
	const [sent] = await write(
		{ status: "delivered", address: "old", ...daysAgo(31) },
		{ status: "cancelled", address: "old", ...daysAgo(31) },
		{ status: "dead", address: "old", ...daysAgo(31), ...discarded },
		{ status: "dead", address: "old", ...daysAgo(91) },
		{ status: "delivered", address: "young", ...daysAgo(29) },
		{ status: "delivered", address: "sent late", ...daysAgo(31), updatedAt: new Date() },
		{ status: "dead", address: "dead", ...daysAgo(89) },
		{ status: "queued", address: "waits", ...daysAgo(200) },
	);
	await database.db.orm.insert(deliveryAttempts).values({
		projectId: owner.projectId,
		deliveryId: sent?.id ?? "",
		number: 1,
		worker: "w1",
		startedAt: new Date(),
	});
	await write(...Array.from({ length: 1_500 }, () => ({ status: "delivered" as const, address: "old", ...daysAgo(40) })));
	expect(await forgetSentEvents(buildContext(database.db))).toEqual({ rowCount: 1_504 });
	const left = await database.db.orm
		.select({ address: messageDeliveries.address })
		.from(messageDeliveries)
		.where(eq(messageDeliveries.subscriptionId, subscriptionId))
		.orderBy(asc(messageDeliveries.address));
	expect(left.map(({ address }) => address)).toEqual(["dead", "sent late", "waits", "young"]);
	expect(await database.db.orm.$count(deliveryAttempts)).toBe(0);
});
