import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase } from "../fault-case.ts";
import type { Attempt } from "../house.ts";
import { answer, hang, startBareReceiver, status } from "../receiver.ts";
import { arrivesAgain, askReceiver, tryOnce } from "../scene.ts";
import { slackMs, within } from "../within.ts";

/** What the default schedule promises, in seconds, with a fifth more or less. */
const schedule = [5, 30, 120];
const jitter = 0.2;
const dayMs = 86_400_000;

/** Holds that the next attempt was put off by so many ms, from some moment between the beginning and the end of this one. */
const waits = ({ started_at, finished_at, next_attempt_at }: Attempt, least: number, most: number, what: string): void => {
	const [began, ended, next] = [started_at, finished_at, next_attempt_at].map((at) => Date.parse(at ?? "")) as [number, number, number];
	ok(next - began >= least && next - ended <= most, `${what}: ${next - ended} to ${next - began}, not ${least} to ${most}`);
};

export const retryFaults: readonly FaultCase[] = [
	{
		id: "A1",
		fault: "500 three times, then 200",
		expected: "4 attempts under one webhook-id, each signed anew, the waits those of the schedule ±20 %",
		quick: true,
		run: async (ground) => {
			const scene = await askReceiver(ground, [status(500), status(500), status(500), answer()]);
			const { house, receiver, requestId } = scene;
			await eventually("the second attempt comes by itself", () => receiver.hits.length === 2, 15_000);
			for (const attempts of [2, 3]) {
				const { id } = await eventually("the next attempt waits", async () => {
					const delivery = await house.delivery(requestId, ["retrying"]);
					return delivery.attempts.filter(({ outcome }) => outcome !== null).length === attempts && delivery;
				});
				await house.retry(id);
			}
			const { attempts } = await house.delivery(requestId, ["acknowledged"]);
			deepEqual(
				attempts.map(({ outcome }) => outcome),
				["unavailable", "unavailable", "unavailable", "delivered"],
			);
			for (const [index, seconds] of schedule.entries()) {
				const [least, most] = [1 - jitter, 1 + jitter].map((share) => seconds * share * 1_000) as [number, number];
				waits(attempts[index] as Attempt, least, most, `ms of wait ${index + 1}`);
			}
			const [first, second] = receiver.hits;
			const gap = (second?.at ?? 0) - (first?.at ?? 0);
			within(gap, 4_000 - 50, 6_000 + slackMs * ground.patience, "ms between the first two hits");
			equal(receiver.byMessage().size, 1);
			notEqual(first?.headers["webhook-timestamp"], second?.headers["webhook-timestamp"]);
			notEqual(first?.headers["webhook-signature"], second?.headers["webhook-signature"]);
			ground.measured(`the second attempt came ${gap} ms after the first`);
			return "4 attempts under one webhook-id, each signed anew, the waits those of the schedule ±20 %";
		},
	},
	{
		id: "A2",
		fault: "Hangs before the head",
		expected: "Left at the total timeout ±5 %, outcome unclear with the cause timeout, sent again under the same webhook-id",
		quick: true,
		run: async (ground) => {
			const timeoutMs = 4_000;
			const tried = await tryOnce(ground, hang, { timeout_ms: timeoutMs });
			const { delivery, receiver } = tried;
			equal(delivery.status, "unknown");
			match(delivery.attempts[0]?.detail ?? "", /no answer/);
			const [hit] = receiver.hits;
			const openMs = (hit?.closedAt ?? 0) - (hit?.at ?? 0);
			within(openMs, timeoutMs * 0.95, timeoutMs * (1 + 0.05 * ground.patience), "ms until the wire was closed");
			await arrivesAgain(tried, delivery);
			ground.measured(`the wire was closed after ${openMs} of ${timeoutMs} ms`);
			return "Left within 5 % of its timeout; unclear, “no answer”; the copy bears the same webhook-id and bytes";
		},
	},
	{
		id: "A10",
		fault: "429 and 503 with Retry-After: 2, 20, a date, -1, “x”, ten years",
		expected:
			"Nothing to that endpoint before it, a day at most; a bad value counts as none: a minute after a 429, the schedule after a 503",
		quick: true,
		run: async (ground) => {
			const date = new Date(Date.now() + 40_000).toUTCString();
			const values: [code: number, value: string, least: number, most: number][] = [
				[429, "20", 20_000, 20_000],
				[503, "20", 20_000, 20_000],
				[429, date, 20_000, 40_000],
				[503, date, 20_000, 40_000],
				[429, "-1", 60_000, 60_000],
				[503, "-1", 4_000, 6_000],
				[429, "x", 60_000, 60_000],
				[503, "x", 4_000, 6_000],
				[429, "315360000", dayMs, dayMs],
				[503, "315360000", dayMs, dayMs],
			];
			const look = async ([code, value, least, most]: (typeof values)[number]) => {
				const { delivery } = await tryOnce(ground, status(code, { "retry-after": value }));
				waits(delivery.attempts[0] as Attempt, least, most, `ms after ${code} “${value}”`);
			};
			const obey = async () => {
				const scene = await askReceiver(ground, [status(429, { "retry-after": "2" }), answer()]);
				const { house, agent, requestId } = scene;
				await house.delivery(requestId, ["retrying"]);
				const other = await house.ask(agent);
				for (const id of [requestId, other]) await house.delivery(id, ["acknowledged"]);
				return scene;
			};
			const [{ receiver }] = await Promise.all([obey(), ...values.map(look)]);
			const [first, ...later] = receiver.hits.map(({ at }) => at);
			equal(later.length, 2);
			for (const at of later) within(at - (first ?? 0), 2_000 - 20, 2_000 + 2 * slackMs * ground.patience, "ms until the next hit");
			return "10 waits as they have to be; with “2” another message to the same endpoint waited, too, and both came after 2 s";
		},
	},
	{
		id: "A13",
		fault: "Never reads a body of 240 KB",
		expected: "Left at the total timeout, outcome unclear",
		quick: true,
		run: async (ground) => {
			const house = await ground.house();
			const deaf = ground.own.use(await startBareReceiver(() => {}));
			const agent = await house.connect(deaf.url, { settings: { timeout_ms: 1_500 } });
			const long = "漢".repeat(20_000);
			await house.person.must("PATCH", `${house.project}/nodes/${agent.nodeId}`, {
				description: long,
				context: long,
				agent_instructions: long,
				acceptance_criteria: long,
			});
			const { attempts } = await house.delivery(await house.ask(agent), ["unknown", "retrying"]);
			within(attempts[0]?.duration_ms ?? 0, 1_400, 1_500 + slackMs * ground.patience, "ms of the attempt");
			match(attempts[0]?.detail ?? "", /no answer/);
			equal(deaf.connections(), 1);
			return "Left at its timeout, “no answer”, after one connection";
		},
	},
];
