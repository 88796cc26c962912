import { adapterById } from "@agentplanner/adapters";
import { createIntegration, createRequest, findViolations, listIntegrations } from "@agentplanner/core";
import { buildNode, buildProject } from "@agentplanner/core/testing";
import { createTestDatabase } from "@agentplanner/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { startSlackDouble } from "../../../adapters/tests/slack/slack-double.ts";
import { workspace } from "../../../adapters/tests/slack/workspace.ts";
import { startTestWorker, until, untilDelivery, untilRequest } from "../harness.ts";

/** A project whose Slack app is reached by Socket Mode alone, and a worker. */
const open = async () => {
	const slack = await startSlackDouble();
	onTestFinished(slack.close);
	const database = await createTestDatabase();
	onTestFinished(database.drop);
	const startWorker = async () => {
		const worker = await startTestWorker(database.url);
		onTestFinished(() => worker.stop());
		return worker;
	};
	const worker = await startWorker();
	const ctx = await buildProject(database.db);
	const adapter = adapterById("slack");
	if (!adapter) throw new Error("There is no Slack.");
	const settings = { app_id: workspace.appId, api_url: slack.url };
	const secrets = { bot_token: workspace.token, app_token: workspace.appToken };
	const { id } = await createIntegration(ctx, { adapter: adapter.id, name: "Slack", settings, secrets }, adapter);
	const ask = async () => {
		const node = await buildNode(database.db, ctx.projectId);
		const targets = [{ integration_id: id, address: workspace.channel }];
		const request = await createRequest(ctx, { node_id: node.id, question: "Which market?", targets, answer_policy: { kind: "first" } });
		const asked = { ctx, id: request.id };
		await untilDelivery(asked, ({ status }) => status === "delivered");
		return { asked, posted: slack.messages().at(-1) };
	};
	const status = async () => (await listIntegrations(ctx)).items[0]?.listening;
	return { slack, ctx, worker, startWorker, ask, status };
};

test("a question is answered in its thread without any public address, and its message says so", async () => {
	const { slack, ctx, ask, status } = await open();
	await until(async () => (await status())?.state === "listening");
	const { asked, posted } = await ask();
	await slack.lines.tell(slack.reply(posted?.ts ?? "", "Spain"));
	const { responses } = await untilRequest(asked, "completed");
	expect(responses).toMatchObject([{ text: "Spain", respondent: "Ada L.", outcome: "accepted" }]);
	await until(() => JSON.stringify(posted).includes("Answered by"));
	await until(async () => (await findViolations(ctx)).length === 0);
});

test("what is said while no worker listens is heard by the next one, which begins at once", async () => {
	const { slack, worker, startWorker, ask } = await open();
	const { asked, posted } = await ask();
	await until(() => slack.lines.open.length > 0);
	await worker.stop();
	await until(() => slack.lines.open.length === 0);
	const said = slack.lines.tell(slack.reply(posted?.ts ?? "", "France"));
	await startWorker();
	await said;
	expect(slack.lines.unanswered()).toEqual([]);
	const { responses } = await untilRequest(asked, "completed");
	expect(responses).toMatchObject([{ text: "France" }]);
});

test("it is answered in the form that its button opens, although the wires break in between", async () => {
	const { slack, ask, status } = await open();
	await until(async () => (await status())?.state === "listening");
	const { asked, posted } = await ask();
	await slack.lines.tell(slack.click(posted, "agentplanner_reply"));
	await until(() => slack.views.length === 1);
	slack.lines.cut();
	expect(await slack.lines.tell(slack.submit({ answer: "France" }))).toEqual({ response_action: "clear" });
	await untilRequest(asked, "completed");
});
