import { randomUUID } from "node:crypto";
import { CreateDecisionInput } from "@agentplanner/contracts";
import { createDecision, findViolations, getDecision } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, testKeys } from "@agentplanner/core/testing";
import { linkedAccounts } from "@agentplanner/db";
import { expect, onTestFinished, test } from "vitest";
import { startSlackDouble } from "../../../adapters/tests/slack/slack-double.ts";
import { people, workspace } from "../../../adapters/tests/slack/workspace.ts";
import { until, useWorker } from "../harness.ts";
import { openIngress } from "../ingress.ts";

const database = useWorker();
const { appId, signingSecret, token } = workspace;

test("whoever writes /planner hears, alone, what waits for them, also where the app is not; a stranger how to link their account", async () => {
	const slack = await startSlackDouble();
	onTestFinished(slack.close);
	const { db, url } = database();
	const ingress = await openIngress(url, "slack");
	onTestFinished(ingress.close);
	const ctx = await buildProject(db);
	const id = randomUUID();
	const secrets = { bot_token: token, signing_secret: signingSecret };
	const { externalAccount } = await buildIntegration(db, ctx.projectId, "", {
		...{ id, adapter: "slack", externalAccount: appId + id, settings: { app_id: appId, api_url: slack.url } },
		...{ secretNames: Object.keys(secrets), credentials: testKeys.seal(JSON.stringify(secrets), id) },
	});
	const node = await buildNode(db, ctx.projectId);
	const decision = await createDecision(ctx, CreateDecisionInput.parse({ node_id: node.id, question: "Publish it?" }));
	const userId = ctx.actor.type === "user" ? ctx.actor.userId : "";
	await db.orm.insert(linkedAccounts).values({ userId, provider: "slack", externalAccount, externalUserId: people.ada.id, name: "ada" });

	const heardBy = ({ id: user }: { id: string }) => until(() => slack.whispers.find((whisper) => whisper.user === user));
	const posted = slack.command("inbox", people.ada, "C0ELSEWHERE");
	for (const _time of [1, 2]) expect(await ingress.post(id, posted)).toEqual({ status: 200, body: null });
	expect(await heardBy(people.ada)).toMatchObject({ channel: "C0ELSEWHERE", text: "Waiting for you, newest first:" });
	const shown = JSON.stringify(slack.whispers[0]?.blocks);
	expect(shown).toContain(`/projects/${ctx.projectId}/plans/`);
	expect(shown).toContain(`decision=${decision.id}|Publish it?`);

	await ingress.post(id, slack.command("", people.grace));
	expect(JSON.stringify((await heardBy(people.grace)).blocks)).toMatch(/Link your account.*link-account/);
	expect(slack.whispers).toHaveLength(2);
	expect((await getDecision(ctx, decision.id)).decision.status).toBe("pending");
	await until(async () => (await findViolations(ctx)).length === 0);
});
