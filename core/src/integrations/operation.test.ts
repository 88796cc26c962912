import { eq, events, messageDeliveries, messagingIntegrations, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildContext, buildIntegration, buildMember, buildProject } from "../testing.ts";
import { disableIntegration } from "./disable-integration.ts";
import { enableIntegration } from "./enable-integration.ts";
import { getIntegration } from "./get-integration.ts";
import { listIntegrations } from "./list-integrations.ts";
import { recordIntegrationCheck } from "./record-integration-check.ts";
import { buildWaitingDelivery } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const build = async (overrides: Partial<typeof messagingIntegrations.$inferInsert> = {}) => {
	const owner = await buildProject(database.db);
	const { id } = await buildIntegration(database.db, owner.projectId, undefined, overrides);
	return { owner, id };
};
const eventsOf = (subjectId: string) => database.db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(events.id);
const raiseVersion = (id: string) => (tx: Parameters<Parameters<typeof raceAgainst>[1]>[0]) =>
	tx.update(messagingIntegrations).set({ version: sql`version + 1` }).where(eq(messagingIntegrations.id, id));

describe("recordIntegrationCheck", () => {
	test("keeps the problems with their remedies, and the health that follows", async () => {
		const { owner, id } = await build();
		const problems = [{ problem: "Nobody listens.", remedy: "Start the agent." }];
		expect(await recordIntegrationCheck(owner, id, problems)).toMatchObject({
			health: "failing",
			health_report: { ok: false, problems, checked_at: expect.any(String) },
			version: 1,
		});
		expect(await recordIntegrationCheck(owner, id, [])).toMatchObject({ health: "healthy", health_report: { ok: true, problems: [] } });
		expect(await eventsOf(id)).toMatchObject([
			{ type: "integration.tested", data: { ok: false, health: "failing" } },
			{ type: "integration.tested", data: { ok: true, health: "healthy" } },
		]);
	});

	test("one that passes ends the hold for refused credentials, and what waits is due now", async () => {
		const since = new Date(Date.now() - 60_000);
		const { owner, id } = await build({
			health: "unauthorized",
			unauthorizedSince: since,
			heldUntil: new Date(Date.now() + 600_000),
			heldReason: "HTTP 401",
		});
		expect(await getIntegration(owner, id)).toMatchObject({ unauthorized_since: since.toISOString(), held_reason: "HTTP 401" });
		const { delivery } = await buildWaitingDelivery(database.db, owner.projectId, id, { status: "retrying" });
		expect(await recordIntegrationCheck(owner, id, [])).toMatchObject({
			health: "healthy",
			unauthorized_since: null,
			held_until: null,
			held_reason: null,
			health_report: { ok: true, checked_by: "owner" },
			version: 1,
		});
		const [timer] = await database.db.orm
			.select({ due: sql<boolean>`due_at <= now()` })
			.from(timers)
			.where(eq(timers.subjectId, delivery.id));
		expect(timer).toEqual({ due: true });
	});

	test("one that fails leaves the hold", async () => {
		const heldUntil = new Date(Date.now() + 600_000);
		const { owner, id } = await build({ health: "unauthorized", unauthorizedSince: new Date(), heldUntil, heldReason: "HTTP 401" });
		expect(await recordIntegrationCheck(owner, id, [{ problem: "HTTP 401", remedy: "Give it a key." }])).toMatchObject({
			health: "unauthorized",
			held_until: heldUntil.toISOString(),
		});
	});

	test("a hold for another reason outlasts a check", async () => {
		const heldUntil = new Date(Date.now() + 600_000);
		const { owner, id } = await build({ heldUntil, heldReason: "Slow down." });
		expect(await recordIntegrationCheck(owner, id, [])).toMatchObject({ health: "healthy", held_until: heldUntil.toISOString() });
	});

	test("another refusal while it was checked outlasts it", async () => {
		const refused = { health: "unauthorized", unauthorizedSince: new Date() } as const;
		const { owner, id } = await build({ ...refused, heldUntil: new Date(Date.now() + 60_000) });
		const later = new Date(Date.now() + 600_000);
		const checked = await raceAgainst(
			database.db,
			(tx) => tx.update(messagingIntegrations).set({ heldUntil: later }).where(eq(messagingIntegrations.id, id)),
			() => recordIntegrationCheck(owner, id, []),
		);
		expect(checked).toMatchObject({ health: "unauthorized", held_until: later.toISOString(), health_report: { ok: true } });
	});

	test("credentials refused at the same moment are not overwritten", async () => {
		const { owner, id } = await build();
		const checked = await raceAgainst(
			database.db,
			(tx) => tx.update(messagingIntegrations).set({ health: "unauthorized" }).where(eq(messagingIntegrations.id, id)),
			() => recordIntegrationCheck(owner, id, []),
		);
		expect(checked.health).toBe("unauthorized");
	});

	test("an editor may not; in another project it is not found", async () => {
		const { owner, id } = await build();
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(recordIntegrationCheck(editor, id, [])).rejects.toThrow(ForbiddenError);
		await expect(recordIntegrationCheck(await buildProject(database.db), id, [])).rejects.toThrow(NotFoundError);
	});
});

describe("listIntegrations", () => {
	test("counts what waits at each, and says since when one is disabled", async () => {
		const { owner, id } = await build();
		const idle = await buildIntegration(database.db, owner.projectId);
		for (const status of ["queued", "retrying", "unknown", "delivered", "dead"] as const)
			await buildWaitingDelivery(database.db, owner.projectId, id, { status });
		await disableIntegration(owner, id);
		const [disabled] = await eventsOf(id);
		const { items } = await listIntegrations(owner);
		expect(items.find((item) => item.id === id)).toMatchObject({
			waiting_deliveries: 3,
			retrying_deliveries: 2,
			disabled_since: disabled?.occurredAt.toISOString(),
		});
		expect(items.find((item) => item.id === idle.id)).toMatchObject({ waiting_deliveries: 0, disabled_since: null });
	});
});

describe("disableIntegration", () => {
	test("holds with a reason, the given one or who did it, and says so", async () => {
		const { owner, id } = await build();
		expect(await disableIntegration(owner, id)).toMatchObject({ enabled: false, disabled_reason: "Disabled by owner.", version: 2 });
		expect((await eventsOf(id)).at(-1)).toMatchObject({ type: "integration.disabled", data: { reason: "Disabled by owner." } });
		const other = await build();
		const system = { ...buildContext(database.db), projectId: other.owner.projectId };
		expect(await disableIntegration(system, other.id, "Gone (410).")).toMatchObject({ disabled_reason: "Gone (410)." });
	});

	test("on a disabled one changes nothing", async () => {
		const { owner, id } = await build({ enabled: false, disabledReason: "First." });
		expect(await disableIntegration(owner, id, "Second.")).toMatchObject({ disabled_reason: "First.", version: 1 });
		expect(await eventsOf(id)).toEqual([]);
	});

	test("an editor may not; in another project it is not found", async () => {
		const { owner, id } = await build();
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(disableIntegration(editor, id)).rejects.toThrow(ForbiddenError);
		await expect(disableIntegration(await buildProject(database.db), id)).rejects.toThrow(NotFoundError);
	});

	test("who is overtaken gets a conflict", async () => {
		const { owner, id } = await build();
		await expect(raceAgainst(database.db, raiseVersion(id), () => disableIntegration(owner, id))).rejects.toThrow(ConflictError);
		expect(await eventsOf(id)).toEqual([]);
	});
});

describe("enableIntegration", () => {
	const held = { enabled: false, disabledReason: "By hand.", heldUntil: new Date(Date.now() + 60_000), heldReason: "Refused." } as const;

	test("ends every hold and says so", async () => {
		const { owner, id } = await build({ ...held, health: "unauthorized", unauthorizedSince: new Date() });
		expect(await enableIntegration(owner, id)).toMatchObject({ enabled: true, disabled_reason: null, health: "unknown", version: 2 });
		const [row] = await database.db.orm.select().from(messagingIntegrations).where(eq(messagingIntegrations.id, id));
		expect(row).toMatchObject({ heldUntil: null, heldReason: null, unauthorizedSince: null });
		expect(await eventsOf(id)).toMatchObject([{ type: "integration.enabled" }]);
	});

	test("what waits is due now, under a new wake id; what is sending, closed or elsewhere is left alone", async () => {
		const { owner, id } = await build(held);
		const other = await buildIntegration(database.db, owner.projectId);
		const waiting = [];
		for (const status of ["queued", "retrying", "unknown"] as const)
			waiting.push(await buildWaitingDelivery(database.db, owner.projectId, id, { status }));
		const untouched = [
			await buildWaitingDelivery(database.db, owner.projectId, id, {
				status: "sending",
				worker: "w",
				leaseUntil: new Date(Date.now() + 4_000),
			}),
			await buildWaitingDelivery(database.db, owner.projectId, id, { status: "dead" }),
			await buildWaitingDelivery(database.db, owner.projectId, other.id),
		];
		await enableIntegration(owner, id);
		const rowsOf = async (deliveryId: string) => {
			const [delivery] = await database.db.orm
				.select({ row: messageDeliveries, due: sql<boolean>`next_attempt_at <= now()` })
				.from(messageDeliveries)
				.where(eq(messageDeliveries.id, deliveryId));
			const [timer] = await database.db.orm
				.select({ row: timers, due: sql<boolean>`due_at <= now()` })
				.from(timers)
				.where(eq(timers.subjectId, deliveryId));
			return { delivery, timer };
		};
		for (const { delivery, timer } of waiting) {
			const now = await rowsOf(delivery.id);
			expect(now.delivery).toMatchObject({ due: true, row: { status: delivery.status, reason: null } });
			expect(now.timer).toMatchObject({ due: true, row: { fired: 0 } });
			expect(now.timer?.row.id).not.toBe(timer.id);
		}
		for (const { delivery, timer } of untouched) {
			const now = await rowsOf(delivery.id);
			expect(now.delivery?.row).toEqual(delivery);
			expect(now.timer?.row).toEqual(timer);
		}
	});

	test("wakes more deliveries than one statement can hold", async () => {
		const { owner, id } = await build(held);
		await database.db.orm.execute(sql`
			insert into message_deliveries (project_id, integration_id, kind, content, next_attempt_at)
			select ${owner.projectId}, ${id}, 'text', '{"kind":"text","text":"Hello"}', now() + interval '1 hour' from generate_series(1, 2500)`);
		await enableIntegration(owner, id);
		const rows = await database.db.orm.select({ id: timers.id }).from(timers).where(eq(timers.projectId, owner.projectId));
		expect(rows).toHaveLength(2500);
	});

	test("where nothing holds it nothing changes and nothing is said", async () => {
		const { owner, id } = await build();
		const { delivery } = await buildWaitingDelivery(database.db, owner.projectId, id);
		expect(await enableIntegration(owner, id)).toEqual(await getIntegration(owner, id));
		expect(await eventsOf(id)).toEqual([]);
		const [row] = await database.db.orm.select().from(messageDeliveries).where(eq(messageDeliveries.id, delivery.id));
		expect(row).toEqual(delivery);
	});

	test("an editor may not; in another project it is not found", async () => {
		const { owner, id } = await build(held);
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(enableIntegration(editor, id)).rejects.toThrow(ForbiddenError);
		await expect(enableIntegration(await buildProject(database.db), id)).rejects.toThrow(NotFoundError);
	});

	test("who is overtaken gets a conflict, and wakes nothing", async () => {
		const { owner, id } = await build(held);
		const { timer } = await buildWaitingDelivery(database.db, owner.projectId, id);
		await expect(raceAgainst(database.db, raiseVersion(id), () => enableIntegration(owner, id))).rejects.toThrow(ConflictError);
		expect(await database.db.orm.select().from(timers).where(eq(timers.id, timer.id))).toEqual([timer]);
	});
});
