import { deepEqual, equal, match } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startSlackDouble } from "../../../adapters/tests/slack/slack-double.ts";
import { workspace } from "../../../adapters/tests/slack/workspace.ts";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { RoutedAgent } from "../../support/routed-agent.ts";
import type { FaultCase, Ground } from "../fault-case.ts";
import type { House } from "../house.ts";
import { deliveryIn, makeProject, type Neighbourhood, sendMessage } from "../neighbourhood.ts";
import { answer, type Behaviour, byCopy, hang, type Receiver, startReceiver, status } from "../receiver.ts";
import { runTests } from "../run-tests.ts";
import { sign } from "../sign-as-receiver.ts";

/** An agent that asks people first, and hears what they decided as that behaviour says. */
const startAsking = async ({ house: open, own }: Ground, heard: ReturnType<typeof byCopy>, ask: object = {}) => {
	const house = await open();
	const question = JSON.stringify({ type: "decision_required", text: "Go on?", ...ask });
	const receiver = own.use(
		await startReceiver((hit, number) => {
			if (hit.type === "agent.request.created") return status(200, { "content-type": "application/json" }, question);
			return typeof heard === "function" ? heard(hit, number) : heard[0];
		}),
	);
	const requestId = await house.ask(await house.connect(receiver.url));
	const decisionId = await eventually("the decision is there", async () => {
		const { items } = await house.person.must<{ items: { id: string }[] }>(
			"GET",
			`${house.project}/decisions?agent_request_id=${requestId}`,
		);
		return items[0]?.id;
	});
	return { house, receiver, requestId, decisionId };
};

const decide = (house: House, decisionId: string, option: string) =>
	house.person.request("POST", `${house.project}/decisions/${decisionId}/decide`, { option_id: option });

const outcomesIn = (receiver: Receiver) => receiver.hits.filter(({ type }) => type === "agent.request.decided");

const postToIngress = (house: House, { integrationId }: RoutedAgent, body: string | Buffer, headers: Record<string, string>) =>
	fetch(`${house.product.url}/ingress/webhook/${integrationId}`, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body: typeof body === "string" ? body : new Uint8Array(body),
		signal: AbortSignal.timeout(15_000),
	});

const addSlack = async ({ person, project }: Neighbourhood, url: string): Promise<string> => {
	const settings = { app_id: workspace.appId, api_url: url };
	const secrets = { bot_token: workspace.token, signing_secret: workspace.signingSecret };
	return (await person.must<{ id: string }>("POST", `${project}/integrations`, { adapter: "slack", name: "Slack", settings, secrets })).id;
};

export const peopleAndPlatformFaults: readonly FaultCase[] = [
	{
		id: "H1",
		fault: "Approved 20 times at once; after its deadline; the worker is killed between the decision and its message",
		expected: "One decision and one message of it; refused; told under one webhook-id",
		quick: true,
		run: async (ground) => {
			const { house, receiver, decisionId, requestId } = await startAsking(ground, byCopy(hang, answer()));
			const replies = await Promise.all(
				Array.from({ length: 20 }, (_, at) => decide(house, decisionId, at % 2 === 0 ? "approve" : "reject")),
			);
			deepEqual(replies.map(({ status: code }) => code).sort(), [200, ...Array.from({ length: 19 }, () => 409)]);
			await eventually("the agent is being told", () => outcomesIn(receiver).length === 1);
			await house.product.killAndAwaitRestart("worker");
			await house.completed(requestId, 60_000);
			equal(new Set(outcomesIn(receiver).map(({ id }) => id)).size, 1);
			equal(new Set(outcomesIn(receiver).map(({ bodyHash }) => bodyHash)).size, 1);

			const late = await startAsking(ground, [answer()], { expires_in_minutes: 1, on_expiry: "reject" });
			await house.query("update decision_requests set expires_at = now() - interval '1 second' where id = $1", [late.decisionId]);
			const refused = await decide(house, late.decisionId, "approve");
			equal(refused.status, 409);
			match(String(refused.body.detail), /deadline|expired|time/i);
			return "1 of 20 decided, 19 heard a 409; the agent was told under one webhook-id with the same bytes; after the deadline a 409";
		},
	},
	{
		id: "H2",
		fault: "Slack or Discord has taken a message, and its answer is lost",
		expected: "Looked up before anything is sent again; none lost, none twice",
		quick: false,
		run: () => runTests("adapters", ["tests/slack/find.test.ts", "tests/discord/find.test.ts"], "wire that breaks"),
	},
	{
		id: "H3",
		fault: "Slack answers 500, then 429, and refuses another message for good; the first of two agents refuses, or accepts",
		expected: "Tried again durably, each by its kind; given up at once; the next agent is asked only where the first can't answer",
		quick: false,
		run: async (ground) => {
			const place = await makeProject(ground);
			const slack = ground.own.adopt(await startSlackDouble(), (double) => double.close());
			const integrationId = await addSlack(place, slack.url);
			slack.next({ kind: "status", status: 500 }, { kind: "status", status: 429, headers: { "retry-after": "2" } });
			const send = (address: string) => sendMessage(place, integrationId, address);
			const ended = (id: string, wanted: string) =>
				eventually(`it is ${wanted}`, async () => {
					const delivery = await deliveryIn(place, id);
					return delivery.status === wanted && delivery;
				});
			const { attempts } = await ended(await send(workspace.channel), "delivered");
			deepEqual(
				attempts.map(({ outcome }) => outcome),
				["unknown", "rate_limited", "delivered"],
			);
			equal(slack.messages().length, 1);
			const refused = await ended(await send("C0NOWHERE"), "dead");
			equal(refused.reason?.code, "rejected");
			equal(refused.attempt_count, 1);

			const house = await ground.house();
			const askInTurn = async (first: Behaviour) => {
				const receivers = [await startReceiver([first]), await startReceiver([answer()])].map((one) => ground.own.use(one));
				const agents = await Promise.all(receivers.map(({ url }) => house.connect(url)));
				const { id } = await house.person.must<{ id: string }>("POST", `${house.project}/requests`, {
					node_id: agents[0]?.nodeId ?? "",
					question: "Who can?",
					targets: agents.map(({ agentId }) => ({ agent_id: agentId })),
					ladder: { steps: [{ after_minutes: 60, of: "dispatch", do: "next_agent" }] },
				});
				return { id, hits: () => receivers.map(({ hits }) => hits.length) };
			};
			const failed = await askInTurn(status(400));
			await house.completed(failed.id);
			deepEqual(failed.hits(), [1, 1]);
			const accepted = await askInTurn(status(202));
			await eventually("the first has it", () => accepted.hits()[0] === 1);
			await sleep(2_000);
			deepEqual(accepted.hits(), [1, 0]);
			await house.person.must("POST", `${house.project}/requests/${accepted.id}/cancel`);
			return "500, 429 with Retry-After, delivered, once in the channel; refused: dead after 1 attempt; of two agents the second was asked once the first had refused, and not where that had accepted";
		},
	},
	{
		id: "H4",
		fault: "Slack's 429; Discord's 429 with fractions and for the whole bot; 401 and 404 of a channel",
		expected: "Waits as asked; held or given up, not tried again and again",
		quick: false,
		run: () => runTests("adapters", ["tests/slack/failures.test.ts", "tests/discord/failures.test.ts"]),
	},
	{
		id: "H5",
		fault: "What comes in is doubled, signed wrongly, too slow or too large",
		expected: "Counts once; 401 without a trace of it; time and size are bounded",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			const receiver = own.use(await startReceiver([status(202)]));
			const agent = await house.connect(receiver.url);
			const requestId = await house.ask(agent);
			const { id: deliveryId } = await house.delivery(requestId, ["delivered"]);
			const body = JSON.stringify({ type: "working", delivery_id: deliveryId, text: "At it.", id: "word-1" });
			const forged = await postToIngress(house, agent, body, sign(`whsec_${randomBytes(32).toString("base64")}`, body));
			equal(forged.status, 401);
			equal((await house.detail(requestId)).request.status, "dispatched");
			const large = " ".repeat(2_000_000);
			equal((await postToIngress(house, agent, large, sign(agent.signingSecret, large))).status, 413);
			const done = JSON.stringify({ type: "answer", delivery_id: deliveryId, text: "Done.", id: "answer-1" });
			const replies = await Promise.all(
				Array.from({ length: 10 }, () => postToIngress(house, agent, done, sign(agent.signingSecret, done))),
			);
			deepEqual(new Set(replies.map(({ status: code }) => code)), new Set([202]));
			await house.completed(requestId);
			await sleep(500);
			equal((await house.detail(requestId)).responses.length, 1);
			return "A wrong signature: 401, nothing changed; 2 MB: 413; the same answer 10 times at once: 202 each, counted once";
		},
	},
];
