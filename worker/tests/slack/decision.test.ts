import { randomUUID } from "node:crypto";
import { CreateDecisionInput } from "@agentplanner/contracts";
import { createDecision, getDecision } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, testKeys } from "@agentplanner/core/testing";
import { linkedAccounts } from "@agentplanner/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SlackDouble, startSlackDouble } from "../../../adapters/tests/slack/slack-double.ts";
import { people, workspace } from "../../../adapters/tests/slack/workspace.ts";
import { until, useWorker } from "../harness.ts";
import { type Ingress, openIngress } from "../ingress.ts";

const database = useWorker();
const { appId, channel, signingSecret, token } = workspace;
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

/** A decision that stands in the channel, and how Slack tells us what somebody does with it. */
const askPeople = async () => {
	const { db } = database();
	const ctx = await buildProject(db);
	const id = randomUUID();
	const secrets = { bot_token: token, signing_secret: signingSecret };
	const integration = await buildIntegration(db, ctx.projectId, "", {
		...{ id, adapter: "slack", externalAccount: appId + id, settings: { app_id: appId, api_url: slack.url } },
		...{ secretNames: Object.keys(secrets), credentials: testKeys.seal(JSON.stringify(secrets), id) },
	});
	const node = await buildNode(db, ctx.projectId);
	const notify = [{ integration_id: id, address: channel }];
	const decision = await createDecision(ctx, CreateDecisionInput.parse({ node_id: node.id, question: `Publish ${id}?`, notify }));
	const posted = await until(async () => slack.messages().find(({ text }) => text.includes(id)));
	return {
		...{ ctx, posted, integration },
		post: (said: Parameters<Ingress["post"]>[1]) => ingress.post(id, said),
		shown: (words: string) => until(async () => JSON.stringify(posted).includes(words) && JSON.stringify(posted)),
		state: async () => (await getDecision(ctx, decision.id)).decision,
	};
};

test("with a comment it is decided in a form, and the message quotes the reason", async () => {
	const asked = await askPeople();
	const { ctx, integration } = asked;
	const userId = ctx.actor.type === "user" ? ctx.actor.userId : "";
	const account = { provider: "slack", externalAccount: integration.externalAccount, externalUserId: people.ada.id, name: "ada" };
	await database()
		.db.orm.insert(linkedAccounts)
		.values({ userId, ...account });
	expect((await asked.post(slack.click(asked.posted, "agentplanner_comment"))).status).toBe(200);
	expect((await asked.post(slack.submit({ option: "reject" }))).body).toMatchObject({ response_action: "errors" });
	expect((await asked.post(slack.submit({ option: "reject", comment: "Not before <Monday>." }))).body).toEqual({
		response_action: "clear",
	});
	await asked.shown("> Not before &lt;Monday&gt;.");
	expect(await asked.state()).toMatchObject({ option_id: "reject", comment: "Not before <Monday>." });
});

test("who isn't linked is told so for their eyes alone, with the button that links them, and decides nothing", async () => {
	const asked = await askPeople();
	expect((await asked.post(slack.decide(asked.posted, "approve", people.grace))).status).toBe(200);
	const whisper = await until(async () => slack.whispers.find(({ user }) => user === people.grace.id));
	expect(JSON.stringify(whisper?.blocks)).toMatch(/Link your account.*link-account/);
	expect((await asked.state()).status).toBe("pending");
});
