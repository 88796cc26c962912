import { findViolations } from "@agentplanner/core";
import { expect, onTestFinished, test } from "vitest";
import { startSlackDouble } from "../../../adapters/tests/slack/slack-double.ts";
import { workspace } from "../../../adapters/tests/slack/workspace.ts";
import { until, untilRequest } from "../harness.ts";
import { openListening } from "../listening/open-listening.ts";

/** A Slack app that is reached by Socket Mode alone. */
const open = async () => {
	const slack = await startSlackDouble();
	onTestFinished(slack.close);
	const opened = await openListening({
		adapter: "slack",
		settings: { app_id: workspace.appId, api_url: slack.url },
		secrets: { bot_token: workspace.token, app_token: workspace.appToken },
		address: workspace.channel,
		newest: () => slack.messages().at(-1),
	});
	return { slack, ...opened };
};

test("a question is answered in its thread without any public address, and its message says so", async () => {
	const { slack, ctx, ask } = await open();
	const { asked, question } = await ask();
	await slack.lines.tell(slack.reply(question.ts, "Spain"));
	const { responses } = await untilRequest(asked, "completed");
	expect(responses).toMatchObject([{ text: "Spain", respondent: "Ada L.", outcome: "accepted" }]);
	await until(() => JSON.stringify(question).includes("Answered by"));
	await until(async () => (await findViolations(ctx)).length === 0);
});

test("what is said while no worker listens is heard by the next one, which begins at once", async () => {
	const { slack, worker, startWorker, ask } = await open();
	const { asked, question } = await ask();
	await worker.stop();
	await until(() => slack.lines.open.length === 0);
	const said = slack.lines.tell(slack.reply(question.ts, "France"));
	await startWorker();
	await said;
	expect(slack.lines.unanswered()).toEqual([]);
	const { responses } = await untilRequest(asked, "completed");
	expect(responses).toMatchObject([{ text: "France" }]);
});

test("it is answered in the form that its button opens, although the wires break in between", async () => {
	const { slack, ask } = await open();
	const { asked, question } = await ask();
	await slack.lines.tell(slack.click(question, "agentplanner_reply"));
	await until(() => slack.views.length === 1);
	slack.lines.cut();
	expect(await slack.lines.tell(slack.submit({ answer: "France" }))).toEqual({ response_action: "clear" });
	await untilRequest(asked, "completed");
});
