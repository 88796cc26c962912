import { randomUUID } from "node:crypto";
import { createRequest, findViolations, getRequest } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, testKeys } from "@agentplanner/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { startSlackDouble } from "../../../adapters/tests/slack/slack-double.ts";
import { workspace } from "../../../adapters/tests/slack/workspace.ts";
import { until, untilDelivery, untilRequest, useWorker } from "../harness.ts";

const database = useWorker();
const { appId, appToken, channel, token } = workspace;

/** A question in a channel of a workspace that is heard through Socket Mode alone. */
const ask = async () => {
	const { db } = database();
	const slack = await startSlackDouble();
	const ctx = await buildProject(db);
	const id = randomUUID();
	const secrets = { bot_token: token, app_token: appToken };
	const integration = await buildIntegration(db, ctx.projectId, "", {
		...{ id, adapter: "slack", listens: true, settings: { app_id: appId, api_url: slack.url } },
		...{ secretNames: Object.keys(secrets), credentials: testKeys.seal(JSON.stringify(secrets), id) },
	});
	onTestFinished(async () => {
		await db.pool.query("update messaging_integrations set enabled = false where id = $1", [id]);
		await until(() => slack.lines.open.length === 0, 10_000);
		await slack.close();
	});
	const node = await buildNode(db, ctx.projectId);
	const targets = [{ integration_id: integration.id, address: channel }];
	const request = await createRequest(ctx, {
		node_id: node.id,
		question: "Which market first?",
		targets,
		answer_policy: { kind: "first" },
	});
	const asked = { ctx, id: request.id };
	await untilDelivery(asked, ({ status }) => status === "delivered");
	await until(() => slack.lines.open.length === 2, 10_000);
	return { slack, asked, posted: slack.messages()[0] };
};

test("a question is answered in its thread, without an address of ours, and its message says by whom", async () => {
	const { slack, asked, posted } = await ask();
	const said = slack.reply(posted?.ts ?? "", "Spain");
	await Promise.all([slack.lines.tell(said), slack.lines.tell(said)]);
	await untilRequest(asked, "completed");
	expect((await getRequest(asked.ctx, asked.id)).responses).toMatchObject([{ text: "Spain", respondent: "Ada L." }]);
	await until(() => JSON.stringify(posted).includes("Answered by"));
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("it is answered in the form that its button opens, although the wires break in between", async () => {
	const { slack, asked, posted } = await ask();
	await slack.lines.tell(slack.click(posted, "agentplanner_reply"));
	await until(() => slack.views.length === 1);
	slack.lines.cut();
	expect(await slack.lines.tell(slack.submit({ answer: "France" }))).toEqual({ response_action: "clear" });
	await untilRequest(asked, "completed");
});
