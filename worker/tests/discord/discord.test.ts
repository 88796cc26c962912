import { randomUUID } from "node:crypto";
import { CreateDecisionInput } from "@agentplanner/contracts";
import { createDecision, createRequest, findViolations, getDecision } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, testKeys } from "@agentplanner/core/testing";
import { linkedAccounts } from "@agentplanner/db";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type DiscordDouble, startDiscordDouble } from "../../../adapters/tests/discord/discord-double.ts";
import type { Press } from "../../../adapters/tests/discord/presses.ts";
import { person, signPost, world } from "../../../adapters/tests/discord/world.ts";
import { until, untilDelivery, useWorker } from "../harness.ts";
import { type Ingress, openIngress } from "../ingress.ts";

/** What Discord alone does; what every channel does is in `../scenarios`. */
const database = useWorker();
let discord: DiscordDouble;
let ingress: Ingress;

beforeAll(async () => {
	discord = await startDiscordDouble();
	ingress = await openIngress(database().url, "discord");
});
afterAll(async () => {
	await ingress?.close();
	await discord?.close();
});

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
const ask = async () => {
	const connected = await connect();
	const request = await createRequest(connected.ctx, {
		node_id: connected.node.id,
		question: "Which *market* first?",
		targets: [{ integration_id: connected.integration.id, address: world.channel }],
		answer_policy: { kind: "first" },
	});
	return { ...connected, id: request.id };
};

/** Posts what Discord posts, and lets Discord hear the answer. */
const post = async ({ integration }: Connected, { token, post: { headers, body } }: Press) => {
	const { status, body: said } = await ingress.post(integration.id, { headers, body });
	if (status === 200) discord.hear(token, said);
	return { status, body: said };
};
const untilShown = (message: { id: string }, words: string) =>
	until(() => {
		const shown = JSON.stringify(discord.messages().find(({ id }) => id === message.id));
		return shown.includes(words) && shown;
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

test("whoever writes /planner hears, alone, what waits for them; a stranger how to link their account", async () => {
	const asked = await askToDecide("Print the posters?");
	const { ctx, integration } = asked;
	discord.declare({ name: "planner", type: 1, description: "Inbox", options: [{ type: 1, name: "inbox", description: "Inbox" }] });
	const write = async () => {
		const command = discord.command("inbox");
		expect(await post(asked, command)).toEqual({ status: 200, body: { type: 5, data: { flags: 64 } } });
		return until(() => discord.presses.told(command.token).shown as { embeds: { description: string }[] } | null);
	};
	expect(await write()).toMatchObject({ content: expect.stringContaining("Link your account"), embeds: [], components: [{}] });

	const userId = ctx.actor.type === "user" ? ctx.actor.userId : "";
	const account = { provider: "discord", externalAccount: integration.externalAccount, externalUserId: person.id, name: "Ada" };
	await database()
		.db.orm.insert(linkedAccounts)
		.values({ userId, ...account });
	const { embeds } = await write();
	expect(embeds).toMatchObject([{ description: expect.stringMatching(/^- \[Print the posters\?]\(https?:.+decision=/) }]);
	expect(await asked.statusOf()).toBe("pending");
	expect(await findViolations(ctx)).toEqual([]);
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
