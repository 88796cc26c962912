import { randomUUID } from "node:crypto";
import { CreateDecisionInput } from "@agentplanner/contracts";
import {
	cancelRequest,
	createDecision,
	createRequest,
	decide,
	findViolations,
	getDecision,
	getRequest,
	openDatabase,
} from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, testEncryptionKey, testKeys } from "@agentplanner/core/testing";
import { linkedAccounts } from "@agentplanner/db";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type DiscordDouble, startDiscordDouble } from "../../../adapters/tests/discord/discord-double.ts";
import type { Press } from "../../../adapters/tests/discord/presses.ts";
import { person, signPost, world } from "../../../adapters/tests/discord/world.ts";
import { loadConfig } from "../../../api/src/config.ts";
import { startServer } from "../../../api/src/server.ts";
import { makeDue, silent, until, untilDelivery, untilRequest, useWorker } from "../harness.ts";

const database = useWorker();
let discord: DiscordDouble;
let ingress: string;
let close: () => Promise<void>;

beforeAll(async () => {
	discord = await startDiscordDouble();
	const config = loadConfig({
		...{ DATABASE_URL: database().url, ENCRYPTION_KEY: testEncryptionKey, PORT: "0", PUBLIC_URL: "http://planner.test" },
	});
	const db = openDatabase({ url: config.databaseUrl, name: "test-api", onError: () => {} });
	const server = await startServer({ config, db, log: silent });
	ingress = `http://127.0.0.1:${server.port}/ingress/discord`;
	close = async () => {
		await server.close();
		await db.close();
		await discord.close();
	};
});
afterAll(() => close());

/** A project with an integration that leads to the double. */
const connect = async (overrides: Parameters<typeof buildIntegration>[3] = {}) => {
	const ctx = await buildProject(database().db);
	const id = randomUUID();
	const secrets = { bot_token: world.token };
	const integration = await buildIntegration(database().db, ctx.projectId, "", {
		...{ id, adapter: "discord", secretNames: Object.keys(secrets) },
		settings: { application_id: world.applicationId, public_key: world.publicKey, api_url: discord.url },
		credentials: testKeys.seal(JSON.stringify(secrets), id),
		...overrides,
	});
	const node = await buildNode(database().db, ctx.projectId);
	return { ctx, integration, node };
};
type Connected = Awaited<ReturnType<typeof connect>>;

/** A question to the channel, in a project of its own. */
const ask = async (address: string = world.channel) => {
	const connected = await connect();
	const request = await createRequest(connected.ctx, {
		node_id: connected.node.id,
		question: "Which *market* first?",
		targets: [{ integration_id: connected.integration.id, address }],
		answer_policy: { kind: "first" },
	});
	return { ...connected, id: request.id };
};

const messageOf = async (deliveryId: string) => {
	const { rows } = await database().db.pool.query("select receipt ->> 'platformId' as id from message_deliveries where id = $1", [
		deliveryId,
	]);
	const message = discord.messages().find(({ id }) => id === rows[0].id);
	if (!message) throw new Error("The message is not there.");
	return message;
};
const askAndSee = async () => {
	const asked = await ask();
	const delivery = await untilDelivery(asked, ({ status }) => status === "delivered");
	return { asked, message: await messageOf(delivery.id) };
};

/** Posts what Discord posts, and lets Discord hear the answer. */
const post = async ({ integration }: Connected, { token, post: { headers, body } }: Press) => {
	const began = performance.now();
	const response = await fetch(`${ingress}/${integration.id}`, { method: "POST", headers, body });
	expect(performance.now() - began).toBeLessThan(3_000);
	const said = await response.json();
	if (response.status === 200) discord.hear(token, said);
	return { status: response.status, body: said };
};
const untilShown = (message: { id: string }, words: string) =>
	until(() => {
		const shown = JSON.stringify(discord.messages().find(({ id }) => id === message.id));
		return shown.includes(words) && shown;
	});
const responsesOf = async ({ ctx, id }: Awaited<ReturnType<typeof ask>>) => (await getRequest(ctx, id)).responses;

test("a question is answered in the modal that its button opens, once however often Discord tells us", async () => {
	const { asked, message } = await askAndSee();
	expect(JSON.stringify(message.components)).toContain(`/projects/${asked.ctx.projectId}/requests/${asked.id}`);
	const press = discord.press(message, "reply");
	expect(await post(asked, press)).toMatchObject({ status: 200, body: { type: 9, data: { title: "Reply" } } });
	const submission = discord.presses.submit(press, { answer: "France & Spain" });
	for (const _time of [1, 2]) expect(await post(asked, submission)).toMatchObject({ status: 200, body: { type: 4, data: { flags: 64 } } });
	await untilRequest(asked, "completed");
	expect(await responsesOf(asked)).toMatchObject([{ kind: "answer", text: "France & Spain", respondent: "Ada L.", outcome: "accepted" }]);
	expect(await untilShown(message, "Answered by Ada L.")).not.toContain("custom_id");
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("a cancelled question says so; who answers late is kept and changes nothing", async () => {
	const { asked, message } = await askAndSee();
	const press = discord.press(message, "reply");
	await post(asked, press);
	await cancelRequest(asked.ctx, asked.id);
	expect(await untilShown(message, "The request was cancelled.")).not.toContain("custom_id");
	await post(asked, discord.presses.submit(press, { answer: "Too late" }));
	await until(async () => (await responsesOf(asked)).find(({ outcome }) => outcome === "superseded"));
	expect((await getRequest(asked.ctx, asked.id)).request.status).toBe("cancelled");
});

/** A decision in the channel, in a project of its own, and its message. */
const askToDecide = async (question: string) => {
	const connected = await connect({ externalAccount: randomUUID() });
	const { ctx, integration, node } = connected;
	const notify = [{ integration_id: integration.id, address: world.channel }];
	const { id } = await createDecision(ctx, CreateDecisionInput.parse({ node_id: node.id, question, notify }));
	const message = await until(() => discord.messages().find(({ embeds }) => embeds[0]?.description === question));
	const statusOf = async () => (await getDecision(ctx, id)).decision.status;
	return { ...connected, id, message, statusOf };
};

test("a decision that was made elsewhere says so, and has no buttons any more", async () => {
	const { ctx, id, message } = await askToDecide("Publish it?");
	await decide(ctx, id, { option_id: "approve", comment: "Go." });
	expect(await untilShown(message, "Decided by owner via the web: Approve")).not.toContain("custom_id");
});

test("who isn't linked is told so alone; once linked, the choice with its comment counts, and whoever presses later hears who was first", async () => {
	const asked = await askToDecide("Print it?");
	const { ctx, integration, message } = asked;
	const stranger = discord.press(message, "decide");
	expect(await post(asked, stranger)).toEqual({ status: 200, body: { type: 6 } });
	await until(() => discord.presses.told(stranger.token).followUps.length === 1);
	expect(discord.presses.told(stranger.token).followUps).toMatchObject([
		{ flags: 64, content: expect.stringContaining("Link your account"), components: [{ components: [{ style: 5 }] }] },
	]);
	expect(await asked.statusOf()).toBe("pending");

	const userId = ctx.actor.type === "user" ? ctx.actor.userId : "";
	const account = { provider: "discord", externalAccount: integration.externalAccount, externalUserId: person.id, name: "Ada" };
	await database()
		.db.orm.insert(linkedAccounts)
		.values({ userId, ...account });
	const form = discord.press(message, "comment");
	await post(asked, form);
	const sent = discord.presses.submit(form, { option: "reject", comment: "Not *yet*." });
	for (const _time of [1, 2]) expect(await post(asked, sent)).toEqual({ status: 200, body: { type: 6 } });
	const late = discord.press(message, "decide");
	const shown = await untilShown(message, "Decided by owner via Discord: Reject");
	expect(shown).toContain("Not \\\\*yet");
	expect(shown).not.toContain("custom_id");
	await post(asked, late);
	await until(() => discord.presses.told(late.token).followUps.length === 1);
	expect(await findViolations(ctx)).toEqual([]);
});

test.each(["cut", "drop"] as const)("a question stands in the channel once, although the wire broke (%s)", async (kind) => {
	const before = discord.messages().length;
	discord.next({ kind });
	const asked = await ask();
	const { id } = await untilDelivery(asked, ({ status }) => status === "unknown");
	discord.wait(200_000);
	await database().db.pool.query("update message_deliveries set next_attempt_at = now() where id = $1", [id]);
	await makeDue(database().db, id, "message.delivery.due");
	const { attempts } = await untilDelivery(asked, ({ status }) => status === "delivered");
	expect(discord.messages()).toHaveLength(before + 1);
	expect(attempts.at(-1)?.detail ?? "").toMatch(kind === "cut" ? /^Found on the platform/ : /^$/);
	expect((await messageOf(id)).embeds[0]?.description).toBe("Which \\*market\\* first?");
});

test("Discord's ping is answered, and a forger isn't", async () => {
	const asked = await ask();
	const ping = discord.presses.interact(1, {});
	expect(await post(asked, ping)).toEqual({ status: 200, body: { type: 1 } });
	// Discord tries both when the address is entered, and every now and then.
	const forged = { ...ping.post.headers, "x-signature-ed25519": "0".repeat(128) };
	expect((await post(asked, { ...ping, post: { ...ping.post, headers: forged } })).status).toBe(401);
	const stale = signPost(ping.post.body, new Date(Date.now() - 301_000));
	expect((await post(asked, { ...ping, post: stale })).status).toBe(401);
});

test("a channel that the bot can't see: the question fails, with the remedy", async () => {
	discord.grant(0n);
	onTestFinished(() => discord.grant());
	const { reason } = await untilDelivery(await ask(), ({ status }) => status === "dead");
	expect(reason?.remedy).toContain("View Channel");
});
