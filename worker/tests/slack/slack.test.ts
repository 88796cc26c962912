import { randomUUID } from "node:crypto";
import { cancelRequest, createRequest, expireRequest, findViolations, getRequest } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject, testKeys } from "@agentplanner/core/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { postOfChallenge } from "../../../adapters/tests/slack/posts.ts";
import { makeDue, until, untilDelivery, untilRequest, useWorker } from "../harness.ts";
import { type Ingress, openIngress } from "./ingress.ts";
import { hasRealWorkspace, openDouble, openRealWorkspace, type SlackTarget } from "./target.ts";

const database = useWorker();
const targets = [["the double", openDouble], ...(hasRealWorkspace ? [["a real workspace", openRealWorkspace] as const] : [])] as const;

describe.each(targets)("Slack as %s", (_name, open) => {
	let slack: SlackTarget;
	let ingress: Ingress;
	beforeAll(async () => {
		slack = await open();
		ingress = await openIngress(database().url);
	});
	afterAll(async () => {
		await ingress?.close();
		await slack?.close();
	});

	/** A question to the channel, in a project of its own. */
	const ask = async () => {
		const ctx = await buildProject(database().db);
		const id = randomUUID();
		const integration = await buildIntegration(database().db, ctx.projectId, "", {
			...{ id, adapter: "slack", settings: slack.settings, secretNames: Object.keys(slack.secrets) },
			credentials: testKeys.seal(JSON.stringify(slack.secrets), id),
		});
		const node = await buildNode(database().db, ctx.projectId);
		const targets = [{ integration_id: integration.id, address: slack.channel }];
		const request = await createRequest(ctx, {
			node_id: node.id,
			question: "Which <market> first?",
			targets,
			answer_policy: { kind: "first" },
		});
		return { ctx, id: request.id, integration };
	};
	type Asked = Awaited<ReturnType<typeof ask>>;

	const askAndSee = async () => {
		const asked = await ask();
		const delivery = await untilDelivery(asked, ({ status }) => status === "delivered");
		return { asked, delivery, ts: await tsOf(delivery.id) };
	};
	const tsOf = async (deliveryId: string): Promise<string> => {
		const { rows } = await database().db.pool.query("select receipt -> 'data' ->> 'ts' as ts from message_deliveries where id = $1", [
			deliveryId,
		]);
		return rows[0].ts;
	};
	const post = ({ integration }: Asked, said: Parameters<Ingress["post"]>[1], more?: Record<string, string>) =>
		ingress.post(integration.id, said, more);
	const untilShown = (ts: string, words: string) =>
		until(async () => {
			const message = JSON.stringify(await slack.read(ts));
			return message?.includes(words) && message;
		});
	const responsesOf = async ({ ctx, id }: Asked) => (await getRequest(ctx, id)).responses;
	const double = () => {
		if (!slack.double) throw new Error("Only with the double.");
		return slack.double;
	};

	test("a question is answered in its thread, once however often Slack tells us, and its message says so", async () => {
		const { asked, ts } = await askAndSee();
		expect(JSON.stringify(await slack.read(ts))).toContain(`/projects/${asked.ctx.projectId}/requests/${asked.id}`);
		const said = await slack.reply(ts, "Spain & <https://example.org|this>");
		const replies = await Promise.all([post(asked, said), post(asked, said)]);
		replies.push(await post(asked, said, { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" }));
		expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
		await untilRequest(asked, "completed");
		const shown = await untilShown(ts, "Answered by");
		expect(shown).not.toContain("agentplanner_reply");
		expect(await responsesOf(asked)).toMatchObject([{ kind: "answer", outcome: "accepted" }]);
		const [answer] = await responsesOf(asked);
		expect(answer?.text).toMatch(/^Spain/);
		if (slack.double) expect(answer?.respondent).toBe("Ada L.");
		expect(await findViolations(asked.ctx)).toEqual([]);
	});

	test("a cancelled question says so; who answers late is kept and changes nothing", async () => {
		const { asked, ts } = await askAndSee();
		await cancelRequest(asked.ctx, asked.id);
		expect(await untilShown(ts, "The request was cancelled.")).not.toContain("agentplanner_reply");
		await post(asked, await slack.reply(ts, "Too late"));
		await until(async () => (await responsesOf(asked)).find(({ outcome }) => outcome === "superseded"));
		if (slack.double) await until(() => double().whispers.some(({ text }) => text.startsWith("The request was cancelled. What you wrote")));
		expect((await getRequest(asked.ctx, asked.id)).request.status).toBe("cancelled");
	});

	test("a question whose deadline has passed says so", async () => {
		const { asked, ts } = await askAndSee();
		await database().db.pool.query("update agent_requests set deadline_at = now() - interval '1 second' where id = $1", [asked.id]);
		await expireRequest(asked.ctx, asked.id);
		await untilShown(ts, "The deadline has passed.");
	});

	describe.runIf(open === openDouble)("where Slack can be made to do things", () => {
		test("a question is answered in the modal that its button opens", async () => {
			const { asked, delivery, ts } = await askAndSee();
			const message = double()
				.messages()
				.find((candidate) => candidate.ts === ts);
			expect(await post(asked, double().click(message, "agentplanner_reply"))).toEqual({ status: 200, body: {} });
			expect(double().views.at(-1)?.view).toMatchObject({ private_metadata: expect.stringContaining(delivery.id) });
			const submission = double().submit({ answer: "France" });
			for (const _time of [1, 2]) expect(await post(asked, submission)).toEqual({ status: 200, body: { response_action: "clear" } });
			await untilRequest(asked, "completed");
			expect(await responsesOf(asked)).toMatchObject([{ text: "France", respondent: "ada" }]);
			await untilShown(ts, "Answered by ada");
		});

		test("a modal that Slack doesn't open is no success, so that whoever pressed sees it", async () => {
			const { asked, ts } = await askAndSee();
			const click = double().click(
				double()
					.messages()
					.find((candidate) => candidate.ts === ts),
				"agentplanner_reply",
			);
			double().next({ kind: "status", status: 500 });
			expect((await post(asked, click)).status).toBe(503);
		});

		test("the link button is acknowledged", async () => {
			const { asked, ts } = await askAndSee();
			const message = double()
				.messages()
				.find((candidate) => candidate.ts === ts);
			expect((await post(asked, double().click(message, "agentplanner_open"))).status).toBe(200);
		});

		test.each(["cut", "drop"] as const)("a question stands in the channel once, although the wire broke (%s)", async (kind) => {
			const before = double().messages().length;
			double().next({ kind });
			const asked = await ask();
			const { id } = await untilDelivery(asked, ({ status }) => status === "unknown");
			await database().db.pool.query("update message_deliveries set next_attempt_at = now() where id = $1", [id]);
			await makeDue(database().db, id, "message.delivery.due");
			const { attempts } = await untilDelivery(asked, ({ status }) => status === "delivered");
			expect(double().messages()).toHaveLength(before + 1);
			expect(attempts.at(-1)?.detail ?? "").toMatch(kind === "cut" ? /^Found on the platform/ : /^$/);
			await post(asked, await slack.reply(await tsOf(id), "Italy"));
			await untilShown(await tsOf(id), "Italy");
		});

		test("who answers before we know that the question arrived is asked to say it again, and is heard", async () => {
			double().next({ kind: "cut" });
			const asked = await ask();
			const { id } = await untilDelivery(asked, ({ status }) => status === "unknown");
			const root = double().messages().at(-1)?.ts ?? "";
			const said = double().reply(root, "Quick!");
			expect((await post(asked, said)).status).toBe(503);
			await database().db.pool.query("update message_deliveries set next_attempt_at = now() where id = $1", [id]);
			await makeDue(database().db, id, "message.delivery.due");
			await untilDelivery(asked, ({ status }) => status === "delivered");
			expect((await post(asked, said, { "x-slack-retry-num": "1" })).status).toBe(200);
			await untilShown(root, "Quick!");
		});

		test("talk in other threads, our own words and those of other bots are nobody's answer", async () => {
			const { asked, ts } = await askAndSee();
			for (const said of [
				double().reply("1700000000.000001", "Lunch?"),
				double().reply(ts, "Own", { app_id: slack.settings.app_id, bot_id: "B1" }),
				double().reply(ts, "Bot", { app_id: "A0STRANGER", bot_id: "B2" }),
			])
				expect((await post(asked, said)).status).toBe(200);
			const { rows } = await database().db.pool.query("select * from inbound_events where integration_id = $1", [asked.integration.id]);
			expect(rows).toEqual([]);
			expect(await responsesOf(asked)).toEqual([]);
		});

		test("an app that is removed disables its integration", async () => {
			const { asked } = await askAndSee();
			expect((await post(asked, double().happens({ type: "app_uninstalled" }))).status).toBe(200);
			const { rows } = await database().db.pool.query("select enabled, disabled_reason from messaging_integrations where id = $1", [
				asked.integration.id,
			]);
			expect(rows).toEqual([{ enabled: false, disabled_reason: "The app was removed from the Slack workspace." }]);
		});

		test("Slack's challenge is answered, and a forger isn't", async () => {
			const asked = await ask();
			const challenge = postOfChallenge("abc");
			expect(await post(asked, challenge)).toEqual({ status: 200, body: { challenge: "abc" } });
			expect((await post(asked, { ...challenge, body: challenge.body.replace("abc", "abd") })).status).toBe(401);
		});

		test("an app that isn't in the channel: the question fails, with the remedy", async () => {
			double().addChannel("C0STRANGER", { is_member: false });
			const before = slack.channel;
			slack.channel = "C0STRANGER";
			onTestFinished(() => {
				slack.channel = before;
			});
			const asked = await ask();
			const { reason } = await untilDelivery(asked, ({ status }) => status === "dead");
			expect(reason?.remedy).toContain("/invite @AgentPlanner");
		});
	});
});
