import { randomUUID } from "node:crypto";
import { createRequest, getRequest } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, testKeys } from "@agentplanner/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postOfChallenge } from "../../../adapters/tests/slack/posts.ts";
import { type SlackDouble, startSlackDouble } from "../../../adapters/tests/slack/slack-double.ts";
import { workspace } from "../../../adapters/tests/slack/workspace.ts";
import { bringForward, until, untilDelivery, useWorker } from "../harness.ts";
import { type Ingress, openIngress } from "../ingress.ts";

/** What Slack alone does; what every channel does is in `../scenarios`. */
const database = useWorker();
let slack: SlackDouble;
let ingress: Ingress;
beforeAll(async () => {
	slack = await startSlackDouble();
	ingress = await openIngress(database().url, "slack");
});
afterAll(async () => {
	await ingress?.close();
	await slack?.close();
});

/** A question to a channel, in a project of its own. */
const ask = async (address = workspace.channel) => {
	const ctx = await buildProject(database().db);
	const id = randomUUID();
	const secrets = { bot_token: workspace.token, signing_secret: workspace.signingSecret };
	await buildIntegration(database().db, ctx.projectId, "", {
		...{ id, adapter: "slack", settings: { app_id: workspace.appId, api_url: slack.url }, secretNames: Object.keys(secrets) },
		credentials: testKeys.seal(JSON.stringify(secrets), id),
	});
	const node = await buildNode(database().db, ctx.projectId);
	const request = await createRequest(ctx, {
		node_id: node.id,
		question: "Which <market> first?",
		targets: [{ integration_id: id, address }],
		answer_policy: { kind: "first" },
	});
	const post = (said: Parameters<Ingress["post"]>[1], more?: Record<string, string>) => ingress.post(id, said, more);
	return { ctx, id: request.id, integrationId: id, post };
};

const askAndSee = async () => {
	const asked = await ask();
	await untilDelivery(asked, ({ status }) => status === "delivered");
	return { asked, message: slack.messages().at(-1) };
};

test("a modal that Slack doesn't open is no success, so that whoever pressed sees it", async () => {
	const { asked, message } = await askAndSee();
	const click = slack.click(message, "agentplanner_reply");
	slack.next({ kind: "status", status: 500 });
	expect((await asked.post(click)).status).toBe(503);
});

test("the link button is acknowledged", async () => {
	const { asked, message } = await askAndSee();
	expect((await asked.post(slack.click(message, "agentplanner_open"))).status).toBe(200);
});

test("who answers before we know that the question arrived is asked to say it again, and is heard", async () => {
	slack.next({ kind: "cut" });
	const asked = await ask();
	const { id } = await untilDelivery(asked, ({ status }) => status === "unknown");
	const message = slack.messages().at(-1);
	const said = slack.reply(message?.ts ?? "", "Quick!");
	expect((await asked.post(said)).status).toBe(503);
	await bringForward(database().db, id);
	const { attempts } = await untilDelivery(asked, ({ status }) => status === "delivered");
	expect(attempts.at(-1)?.detail).toMatch(/^Found on the platform/);
	expect((await asked.post(said, { "x-slack-retry-num": "1" })).status).toBe(200);
	await until(() => JSON.stringify(message).includes("Quick!"));
});

test("talk in other threads, our own words and those of other bots are nobody's answer", async () => {
	const { asked, message } = await askAndSee();
	for (const said of [
		slack.reply("1700000000.000001", "Lunch?"),
		slack.reply(message?.ts ?? "", "Own", { app_id: workspace.appId, bot_id: "B1" }),
		slack.reply(message?.ts ?? "", "Bot", { app_id: "A0STRANGER", bot_id: "B2" }),
	])
		expect((await asked.post(said)).status).toBe(200);
	const { rows } = await database().db.pool.query("select * from inbound_events where integration_id = $1", [asked.integrationId]);
	expect(rows).toEqual([]);
	expect((await getRequest(asked.ctx, asked.id)).responses).toEqual([]);
});

test("an app that is removed disables its integration", async () => {
	const { asked } = await askAndSee();
	expect((await asked.post(slack.happens({ type: "app_uninstalled" }))).status).toBe(200);
	const { rows } = await database().db.pool.query("select enabled, disabled_reason from messaging_integrations where id = $1", [
		asked.integrationId,
	]);
	expect(rows).toEqual([{ enabled: false, disabled_reason: "The app was removed from the Slack workspace." }]);
});

test("Slack's challenge is answered, and a forger isn't", async () => {
	const asked = await ask();
	const challenge = postOfChallenge("abc");
	expect(await asked.post(challenge)).toEqual({ status: 200, body: { challenge: "abc" } });
	expect((await asked.post({ ...challenge, body: challenge.body.replace("abc", "abd") })).status).toBe(401);
});

test("an app that isn't in the channel: the question fails, with the remedy", async () => {
	slack.addChannel("C0STRANGER", { is_member: false });
	const { reason } = await untilDelivery(await ask("C0STRANGER"), ({ status }) => status === "dead");
	expect(reason?.remedy).toContain("/invite @AgentPlanner");
});
