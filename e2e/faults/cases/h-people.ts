import { deepEqual, equal, match } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { RoutedAgent } from "../../support/routed-agent.ts";
import type { FaultCase, Ground } from "../fault-case.ts";
import type { House } from "../house.ts";
import { answer, byCopy, hang, type Receiver, startReceiver, status } from "../receiver.ts";
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
		fault: "Slack or Discord answers 5xx, 429, or refuses for good; the first route fails",
		expected: "Tried again durably, each by its kind; another route only where the first has not taken it",
		quick: false,
		run: () => runTests("worker", ["tests/scenarios/scenarios.test.ts"]),
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
