import type { Adapter } from "@agentplanner/contracts";
import { eq, events, messagingIntegrations, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildContext, buildMember, buildProject } from "../testing.ts";
import { createIntegration } from "./create-integration.ts";
import { getIntegration } from "./get-integration.ts";
import { listIntegrations } from "./list-integrations.ts";
import { findIntegration, openIntegration } from "./open-integration.ts";
import { buildWaitingDelivery, testAdapter } from "./testing.ts";
import { updateIntegration } from "./update-integration.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

let count = 0;
const input = (overrides: Partial<Parameters<typeof createIntegration>[1]> = {}) => ({
	adapter: "test",
	name: `Channel ${++count}`,
	settings: { url: "https://example.org/hook" } as Record<string, unknown>,
	secrets: {} as Record<string, string>,
	...overrides,
});
const eventsOf = (subjectId: string) => database.db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(events.id);
const buildCreated = async (overrides: Parameters<typeof input>[0] = {}) => {
	const owner = await buildProject(database.db);
	return { owner, created: await createIntegration(owner, input(overrides), testAdapter) };
};

describe("createIntegration", () => {
	test("makes the missing secret, shows it this once, and stores it sealed", async () => {
		const { owner, created } = await buildCreated({ name: "Agents" });
		expect(created).toMatchObject({
			adapter: "test",
			name: "Agents",
			settings: { url: "https://example.org/hook" },
			secrets: { signing_secret: true },
			created_secrets: { signing_secret: "made-by-the-adapter" },
			enabled: true,
			health: "unknown",
			version: 1,
		});
		const [row] = await database.db.orm.select().from(messagingIntegrations).where(eq(messagingIntegrations.id, created.id));
		expect(row?.credentials.toString("latin1")).not.toContain("made-by-the-adapter");
		expect(await getIntegration(owner, created.id)).not.toHaveProperty("created_secrets");
		const found = await eventsOf(created.id);
		expect(found).toMatchObject([{ type: "integration.created", projectId: owner.projectId, data: { adapter: "test", name: "Agents" } }]);
		expect(JSON.stringify(found)).not.toContain("made-by-the-adapter");
	});

	test("a made secret that is nobody else's is not shown, even once", async () => {
		const owner = await buildProject(database.db);
		const created = await createIntegration(owner, input(), { ...testAdapter, keepsSecrets: true });
		expect(created).toMatchObject({ secrets: { signing_secret: true }, created_secrets: {} });
		expect(await openIntegration(owner, created.id)).toMatchObject({ secrets: { signing_secret: "made-by-the-adapter" } });
	});

	test("has the delivery policy that is given, and the defaults for the rest; a change leaves alone what it doesn't name", async () => {
		const { owner, created } = await buildCreated({ delivery_policy: { max_in_flight: 2 } });
		expect(created.delivery_policy).toEqual({ max_in_flight: 2, per_second: null, schedule: null });
		const change = (delivery_policy: object) => updateIntegration(owner, created.id, { delivery_policy }, testAdapter, null);
		expect(await change({ schedule: [5, 60] })).toMatchObject({
			delivery_policy: { max_in_flight: 2, per_second: null, schedule: [5, 60] },
			version: 2,
		});
		expect((await change({ schedule: null, max_in_flight: 9 })).delivery_policy).toEqual({
			max_in_flight: 9,
			per_second: null,
			schedule: null,
		});
		expect((await eventsOf(created.id)).at(-1)?.data).toMatchObject({ fields: ["delivery_policy"] });
	});

	test("a secret that is given is kept and not shown again", async () => {
		const { owner, created } = await buildCreated({ secrets: { signing_secret: "mine", bot_token: "token" } });
		expect(created).toMatchObject({ secrets: { signing_secret: true, bot_token: true }, created_secrets: {} });
		expect(await openIntegration(owner, created.id)).toMatchObject({ secrets: { signing_secret: "mine", bot_token: "token" } });
	});

	test("credentials moved to another row don't open", async () => {
		const { owner, created } = await buildCreated();
		const other = await createIntegration(owner, input(), testAdapter);
		await database.db.orm
			.update(messagingIntegrations)
			.set({ credentials: sql`(select credentials from messaging_integrations where id = ${created.id})` })
			.where(eq(messagingIntegrations.id, other.id));
		await expect(openIntegration(owner, other.id)).rejects.toThrow();
	});

	test("names every setting and secret that the adapter refuses", async () => {
		const owner = await buildProject(database.db);
		const attempt = createIntegration(owner, input({ settings: { url: "" }, secrets: { bot_token: "x".repeat(30) } }), testAdapter);
		await expect(attempt).rejects.toThrow(UnprocessableError);
		await expect(attempt).rejects.toMatchObject({
			fields: [
				{ field: "body.settings.url", message: "must not be empty" },
				{ field: "body.secrets.bot_token", message: "must be at most 20 characters long" },
			],
		});
		const unknown = createIntegration(owner, input({ settings: { url: "https://example.org/", colour: "red" } }), testAdapter);
		await expect(unknown).rejects.toMatchObject({ fields: [{ field: "body.settings.colour", message: "is not a known field" }] });
	});

	test("a missing secret that the adapter can't make is an error in its field", async () => {
		const { createSecrets: _, ...withoutSecrets } = testAdapter;
		const adapter: Adapter = withoutSecrets;
		await expect(createIntegration(await buildProject(database.db), input(), adapter)).rejects.toMatchObject({
			fields: [{ field: "body.secrets.signing_secret" }],
		});
	});

	test("an editor may not, a stranger finds no project", async () => {
		const owner = await buildProject(database.db);
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(createIntegration(editor, input(), testAdapter)).rejects.toThrow(ForbiddenError);
		const stranger = await buildProject(database.db);
		await expect(createIntegration({ ...stranger, projectId: owner.projectId }, input(), testAdapter)).rejects.toThrow(NotFoundError);
	});

	test("of two of one name at once, one is a conflict; another project may use the name", async () => {
		const owner = await buildProject(database.db);
		const outcomes = await Promise.allSettled([1, 2].map(() => createIntegration(owner, input({ name: "Twin" }), testAdapter)));
		expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
		expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toBeInstanceOf(ConflictError);
		await expect(createIntegration(await buildProject(database.db), input({ name: "Twin" }), testAdapter)).resolves.toBeDefined();
	});

	test("an account on a platform belongs to one project", async () => {
		await buildCreated({ settings: { url: "https://example.org/", team: "T1" } });
		const attempt = buildCreated({ settings: { url: "https://example.org/", team: "T1" } });
		await expect(attempt).rejects.toThrow(ConflictError);
		await expect(attempt).rejects.toThrow(/account on the platform/);
	});
});

describe("reading", () => {
	test("listIntegrations goes by name and shows no secret", async () => {
		const owner = await buildProject(database.db);
		for (const name of ["b", "a"]) await createIntegration(owner, input({ name }), testAdapter);
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		const { items } = await listIntegrations(viewer);
		expect(items.map(({ name }) => name)).toEqual(["a", "b"]);
		expect(JSON.stringify(items)).not.toContain("made-by-the-adapter");
	});

	test("another project's integration is not found", async () => {
		const { created } = await buildCreated();
		const stranger = await buildProject(database.db);
		await expect(getIntegration(stranger, created.id)).rejects.toThrow(NotFoundError);
		await expect(openIntegration(stranger, created.id)).rejects.toThrow(NotFoundError);
	});

	test("findIntegration learns the project from the id; what is no id is not found", async () => {
		const { owner, created } = await buildCreated();
		const ctx = buildContext(database.db, { type: "anonymous" });
		expect(await findIntegration(ctx, created.id)).toEqual({
			id: created.id,
			projectId: owner.projectId,
			adapter: "test",
			name: created.name,
			settings: { url: "https://example.org/hook" },
			secrets: { signing_secret: "made-by-the-adapter" },
			enabled: true,
			heldUntil: null,
			allowedNetworks: ["127.0.0.0/8"],
		});
		await expect(findIntegration(ctx, "no-such-id")).rejects.toThrow(NotFoundError);
	});
});

describe("updateIntegration", () => {
	test("merges secrets over the old ones, replaces settings, and forgets the old health", async () => {
		const { owner, created } = await buildCreated({ settings: { url: "https://example.org/", team: "T-old" } });
		await database.db.orm.update(messagingIntegrations).set({ health: "failing" }).where(eq(messagingIntegrations.id, created.id));
		const change = { settings: { url: "https://example.net/" }, secrets: { bot_token: "token" } };
		expect(await updateIntegration(owner, created.id, change, testAdapter, 1)).toMatchObject({
			settings: { url: "https://example.net/" },
			secrets: { signing_secret: true, bot_token: true },
			health: "unknown",
			version: 2,
		});
		expect((await openIntegration(owner, created.id)).secrets).toEqual({ signing_secret: "made-by-the-adapter", bot_token: "token" });
		expect((await eventsOf(created.id)).at(-1)).toMatchObject({
			type: "integration.updated",
			data: { version: 2, fields: ["settings", "secrets"] },
		});
		// The old account is free for another project now.
		await expect(buildCreated({ settings: { url: "https://example.org/", team: "T-old" } })).resolves.toBeDefined();
	});

	test("null removes a secret; one that the adapter needs can't be removed", async () => {
		const { owner, created } = await buildCreated({ secrets: { signing_secret: "mine", bot_token: "old" } });
		const updated = await updateIntegration(owner, created.id, { secrets: { bot_token: null } }, testAdapter, null);
		expect(updated.secrets).toEqual({ signing_secret: true });
		expect((await openIntegration(owner, created.id)).secrets).toEqual({ signing_secret: "mine" });
		await expect(updateIntegration(owner, created.id, { secrets: { signing_secret: null } }, testAdapter, null)).rejects.toMatchObject({
			code: "unprocessable",
			fields: [{ field: "body.secrets.signing_secret" }],
		});
	});

	test("a new name alone leaves health and secrets as they are", async () => {
		const { owner, created } = await buildCreated();
		await database.db.orm.update(messagingIntegrations).set({ health: "healthy" }).where(eq(messagingIntegrations.id, created.id));
		const updated = await updateIntegration(owner, created.id, { name: `Renamed ${created.id}` }, testAdapter, null);
		expect(updated).toMatchObject({ name: `Renamed ${created.id}`, health: "healthy", secrets: { signing_secret: true } });
	});

	test("new credentials end the hold for refused ones and wake what waits; a rate limit's hold stays", async () => {
		const { owner, created } = await buildCreated();
		const heldUntil = new Date(Date.now() + 60_000);
		const hold = (unauthorized: boolean) =>
			database.db.orm
				.update(messagingIntegrations)
				.set({ heldUntil, heldReason: "wait", ...(unauthorized ? { health: "unauthorized", unauthorizedSince: new Date() } : {}) })
				.where(eq(messagingIntegrations.id, created.id));
		const { delivery } = await buildWaitingDelivery(database.db, owner.projectId, created.id);
		const dueInMs = async () => {
			const [timer] = await database.db.orm.select().from(timers).where(eq(timers.subjectId, delivery.id));
			return (timer?.dueAt.getTime() ?? Number.NaN) - Date.now();
		};

		await hold(false);
		await updateIntegration(owner, created.id, { secrets: { bot_token: "one" } }, testAdapter, null);
		expect((await openIntegration(owner, created.id)).heldUntil).toEqual(heldUntil);
		expect(await dueInMs()).toBeGreaterThan(3_000_000);

		await hold(true);
		const updated = await updateIntegration(owner, created.id, { secrets: { bot_token: "two" } }, testAdapter, null);
		expect(updated.health).toBe("unknown");
		expect((await openIntegration(owner, created.id)).heldUntil).toBeNull();
		expect(await dueInMs()).toBeLessThan(5_000);
	});

	test("without a field nothing changes and nothing is said", async () => {
		const { owner, created } = await buildCreated();
		const { created_secrets: _, ...integration } = created;
		expect(await updateIntegration(owner, created.id, {}, testAdapter, null)).toEqual(integration);
		expect(await eventsOf(created.id)).toHaveLength(1);
	});

	test("each unknown setting and secret is named", async () => {
		const { owner, created } = await buildCreated();
		const change = { settings: { url: "https://example.org/", colour: "red", size: 3 }, secrets: { pin: "1" } };
		await expect(updateIntegration(owner, created.id, change, testAdapter, null)).rejects.toMatchObject({
			fields: ["body.settings.colour", "body.settings.size", "body.secrets.pin"].map((field) => ({
				field,
				message: "is not a known field",
			})),
		});
	});

	test("what the adapter refuses changes nothing", async () => {
		const { owner, created } = await buildCreated();
		await expect(updateIntegration(owner, created.id, { settings: {} }, testAdapter, null)).rejects.toMatchObject({
			code: "unprocessable",
			fields: [{ field: "body.settings.url" }],
		});
		expect(await getIntegration(owner, created.id)).toMatchObject({ version: 1, settings: created.settings });
	});

	test("an editor may not; in another project it is not found", async () => {
		const { owner, created } = await buildCreated();
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(updateIntegration(editor, created.id, { name: "Mine" }, testAdapter, null)).rejects.toThrow(ForbiddenError);
		const stranger = await buildProject(database.db);
		await expect(updateIntegration(stranger, created.id, { name: "Mine" }, testAdapter, null)).rejects.toThrow(NotFoundError);
	});

	test("a name that is taken, a stale version, and being overtaken are conflicts", async () => {
		const { owner, created } = await buildCreated();
		const other = await createIntegration(owner, input(), testAdapter);
		await expect(updateIntegration(owner, created.id, { name: other.name }, testAdapter, null)).rejects.toThrow(/of that name/);
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(messagingIntegrations).set({ version: sql`version + 1` }).where(eq(messagingIntegrations.id, created.id)),
			() => updateIntegration(owner, created.id, { name: "Late" }, testAdapter, null),
		);
		await expect(attempt).rejects.toThrow(ConflictError);
		await expect(updateIntegration(owner, created.id, { name: "Late" }, testAdapter, 1)).rejects.toThrow(PreconditionFailedError);
	});
});
