import { type Adapter, SendMessageInput } from "@agentplanner/contracts";
import { eq, linkedAccounts, messageDeliveries } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { claimDelivery } from "../deliveries/claim-delivery.ts";
import { listDeliveries } from "../deliveries/list-deliveries.ts";
import { retryDelivery } from "../deliveries/retry-delivery.ts";
import { testAdapter } from "../integrations/testing.ts";
import { attempt, buildScene, failed, timersOf } from "../requests/testing.ts";
import { buildIntegration, buildMember, buildProject, userIdOf } from "../testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { sendMessage } from "./send-message.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const withAddresses = { ...testAdapter, id: "chat", address: { label: "Channel", description: "Its id." } };
const withOptionalAddress: Adapter = { ...testAdapter, id: "gateway", address: { label: "Agent", description: "Its id.", optional: true } };
const adapterById = (id: string): Adapter | null =>
	({ webhook: { ...testAdapter, id: "webhook" }, chat: withAddresses, talk: withAddresses, gateway: withOptionalAddress })[id] ?? null;

const send = (ctx: ProjectContext, to: Record<string, string>, text = "The fair is on Friday.") =>
	sendMessage(ctx, SendMessageInput.parse({ to, text }), adapterById);
const link = async (member: ProjectContext, provider: string, externalAccount: string | null, externalUserId: string) => {
	await database.db.orm.insert(linkedAccounts).values({ userId: userIdOf(member), provider, externalAccount, externalUserId, name: "Ada" });
};
const fields = (error: unknown) => (error as { fields: { field: string; message: string }[] }).fields;
const refusalOf = (sending: Promise<unknown>) =>
	sending.then(
		() => expect.fail("it was sent"),
		(error: unknown) => fields(error)[0],
	);

/** A scene with a chat integration, and a member who is P1 there. */
const buildChat = async () => {
	const scene = await buildScene(database.db);
	const account = crypto.randomUUID();
	const chat = await buildIntegration(database.db, scene.projectId, undefined, { adapter: "chat", externalAccount: account });
	const member = await buildMember(database.db, scene.projectId, "viewer");
	await link(member, "chat", account, "P1");
	return { scene, chat, member };
};

test("a message to a channel waits with its timer, says who sends it, and is listed", async () => {
	const { scene, chat } = await buildChat();
	const delivery = await send(scene.owner, { integration_id: chat.id.toUpperCase(), address: "C1" });
	expect(delivery).toMatchObject({
		kind: "text",
		status: "queued",
		address: "C1",
		integration_id: chat.id,
		message: { from: "owner", text: "The fair is on Friday." },
	});
	expect(await timersOf(scene, delivery.id)).toMatchObject([{ type: "message.delivery.due" }]);
	expect((await findViolations(scene.system)).filter(({ subject }) => subject === delivery.id)).toEqual([]);
	expect((await claimDelivery(scene.system, delivery.id, "w"))?.content).toMatchObject({ project: { id: scene.projectId } });
	const list = (query: object) => listDeliveries(scene.owner, { limit: 10, ...query });
	expect((await list({ kind: "text", integration_id: chat.id })).items.map(({ id }) => id)).toEqual([delivery.id]);
	expect((await list({ integration_id: scene.integration.id })).items).toEqual([]);
	expect((await list({ kind: "decision" })).items).toEqual([]);
});

test("a message to a member goes to the account that they linked, through an integration that is enabled", async () => {
	const { scene, chat, member } = await buildChat();
	const user = { user_id: userIdOf(member) };
	expect(await send(scene.owner, user)).toMatchObject({ integration_id: chat.id, address: "@P1" });

	const account = crypto.randomUUID();
	const talk = await buildIntegration(database.db, scene.projectId, undefined, { adapter: "talk", externalAccount: account });
	await link(member, "talk", account, "P2");
	expect(await send(scene.owner, { ...user, integration_id: talk.id })).toMatchObject({ integration_id: talk.id, address: "@P2" });
	await disable(chat.id);
	expect(await send(scene.owner, user)).toMatchObject({ integration_id: talk.id, address: "@P2" });
});

const disable = (id: string) => database.db.pool.query("update messaging_integrations set enabled = false where id = $1", [id]);

test("an address that may be left out may be left out", async () => {
	const { scene } = await buildChat();
	const gateway = await buildIntegration(database.db, scene.projectId, undefined, { adapter: "gateway" });
	expect(await send(scene.owner, { integration_id: gateway.id })).toMatchObject({ address: "", status: "queued" });
});

test("what can't go anywhere is refused with its field", async () => {
	const { scene, chat, member } = await buildChat();
	const elsewhere = await buildProject(database.db);
	const foreign = await buildIntegration(database.db, elsewhere.projectId);
	const gone = await buildIntegration(database.db, scene.projectId, undefined, { adapter: "telex" });
	const { owner } = scene;
	expect(await refusalOf(send(owner, { integration_id: foreign.id }))).toMatchObject({ field: "body.to.integration_id" });
	expect(await refusalOf(send(owner, { integration_id: gone.id }))).toMatchObject({ field: "body.to.integration_id" });
	expect(await refusalOf(send(owner, { integration_id: chat.id }))).toEqual({
		field: "body.to.address",
		message: "is needed: Channel. Its id.",
	});
	expect(await refusalOf(send(owner, { user_id: userIdOf(elsewhere) }))).toMatchObject({ message: "is not a member of this project" });
	expect(await refusalOf(send(owner, { user_id: userIdOf(owner) }))).toMatchObject({
		field: "body.to.user_id",
		message: expect.stringContaining("has linked no account"),
	});
	expect(await refusalOf(send(owner, { user_id: userIdOf(member), integration_id: scene.integration.id }))).toMatchObject({
		field: "body.to.integration_id",
	});
	// An account on the same kind of platform, but not on this one.
	const stranger = await buildMember(database.db, scene.projectId, "viewer");
	await link(stranger, "chat", crypto.randomUUID(), "P1");
	expect(await refusalOf(send(owner, { user_id: userIdOf(stranger) }))).toMatchObject({ field: "body.to.user_id" });
	expect(await database.db.orm.select().from(messageDeliveries).where(eq(messageDeliveries.projectId, scene.projectId))).toEqual([]);
});

test("a viewer sends nothing", async () => {
	const { chat, member } = await buildChat();
	await expect(send(member, { integration_id: chat.id, address: "C1" })).rejects.toMatchObject({ code: "forbidden" });
});

test("one that gave up is replayed, and two who do so at once send it once", async () => {
	const { scene, chat } = await buildChat();
	const { id } = await send(scene.owner, { integration_id: chat.id, address: "C1" });
	await attempt(scene, id, failed("rejected"));
	const retries = await Promise.all([retryDelivery(scene.owner, id), retryDelivery(scene.owner, id)]);
	expect(retries.map(({ status }) => status)).toEqual(["queued", "queued"]);
	const claims = await Promise.all([claimDelivery(scene.system, id, "one"), claimDelivery(scene.system, id, "two")]);
	expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
});
