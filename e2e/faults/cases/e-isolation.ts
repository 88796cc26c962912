import { equal, ok } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase } from "../fault-case.ts";
import { mostInFlight } from "../house.ts";
import {
	addIntegration,
	countDeliveries,
	integrationIn,
	makeProject,
	type Neighbourhood,
	sendMessage,
	sendMessages,
} from "../neighbourhood.ts";
import { after, byCopy, type Hit, hang, type Receiver, startReceiver, status } from "../receiver.ts";
import { within } from "../within.ts";

const repeated = <T>(item: T, times: number): T[] => Array.from({ length: times }, () => item);

/** How long messages take from the call until they arrive, the slowest of a hundred left out; in ms. */
const p99 = async (
	place: Neighbourhood,
	integrationId: string,
	{ hits }: Receiver,
	{ perSecond, seconds }: { perSecond: number; seconds: number },
) => {
	const sent: Promise<{ id: string; begun: number }>[] = [];
	for (let count = 0; count < perSecond * seconds; count += 1) {
		const begun = Date.now();
		sent.push(sendMessage(place, integrationId).then((id) => ({ id, begun })));
		await sleep(1_000 / perSecond);
	}
	const all = await Promise.all(sent);
	const arrived = await eventually("all have arrived", () => {
		const found = new Map(hits.map(({ id, at }) => [id, at]));
		return all.every(({ id }) => found.has(id)) && found;
	});
	const took = all.map(({ id, begun }) => (arrived.get(id) ?? 0) - begun).sort((one, other) => one - other);
	return took[Math.ceil(0.99 * took.length) - 1] ?? 0;
};

/** How many hits the fullest stretch of so many ms holds. */
const mostWithin = (times: readonly number[], ms: number): number => {
	const inOrder = times.toSorted((one, other) => one - other);
	let first = 0;
	let fullest = 0;
	for (const [last, at] of inOrder.entries()) {
		while ((inOrder[first] ?? 0) <= at - ms) first += 1;
		fullest = Math.max(fullest, last - first + 1);
	}
	return fullest;
};

const timesOf = (hits: readonly Hit[]) => hits.map(({ at }) => at);

export const isolationFaults: readonly FaultCase[] = [
	{
		id: "E1",
		fault: "200 receivers of one project hang, while another project sends 20 messages a second",
		expected: "Their p99 is at most twice what it is alone",
		quick: false,
		run: async (ground) => {
			const [hanging, answering] = [await startReceiver([hang]), await startReceiver([status(204)])].map((one) => ground.own.use(one)) as [
				Receiver,
				Receiver,
			];
			const [bad, good] = [await makeProject(ground), await makeProject(ground)];
			const to = await addIntegration(good, answering.url);
			const steady = { perSecond: 20, seconds: 15 };
			await p99(good, to, answering, { ...steady, seconds: 3 });
			const alone = await p99(good, to, answering, steady);
			const receivers: string[] = [];
			for (let each = 0; each < 200; each += 1) receivers.push(await addIntegration(bad, hanging.url));
			await sendMessages(bad, receivers);
			const atOnce = () => hanging.hits.filter(({ closedAt }) => closedAt === null).length;
			await eventually("as many hang as may", () => atOnce() === mostInFlight);
			const beside = await p99(good, to, answering, steady);
			equal(atOnce(), mostInFlight, "they still hang");
			equal((await countDeliveries(bad)).delivered ?? 0, 0);
			ground.measured(`p99 alone ${alone} ms, beside the receivers that hang ${beside} ms`);
			ok(beside <= 2 * alone, `p99 ${beside} ms instead of ${alone} ms`);
			return `With ${mostInFlight} attempts hanging all the while, and 180 more waiting their turn, the p99 was at most twice what it was alone`;
		},
	},
	{
		id: "E2",
		fault: "A receiver answers 503 to everything, with 10,000 messages for it, and comes back",
		expected: "Its breaker opens, one message at a time tries it, and once it answers all goes out, as many at once as its policy says",
		quick: false,
		run: async (ground) => {
			let up = false;
			const load = { now: 0, most: 0 };
			const receiver = ground.own.use(
				await startReceiver(() => async (exchange) => {
					load.now += 1;
					load.most = Math.max(load.most, load.now);
					exchange.response.once("close", () => (load.now -= 1));
					after(20, status(up ? 204 : 503))(exchange);
				}),
			);
			const place = await makeProject(ground);
			const policy = { max_in_flight: 4 };
			const integrationId = await addIntegration(place, receiver.url, policy);
			const breaker = async () => (await integrationIn(place, integrationId)).breaker;
			const sending = sendMessages(place, repeated(integrationId, 10_000));
			sending.catch(() => {});
			await eventually("the breaker is open", async () => (await breaker()).state === "open");
			const openedAt = Date.now();
			await eventually("what was under way has ended", () => load.now === 0);
			const tried = receiver.hits.length;
			within(tried, 10, 10 + policy.max_in_flight, "attempts until it opened");
			load.most = 0;
			await eventually("the first probe comes", () => receiver.hits.length > tried, 60_000, 20);
			within((receiver.hits[tried]?.at ?? 0) - openedAt, 28_000, 33_000 * ground.patience, "ms until the first probe");
			await sleep(5_000);
			equal(receiver.hits.length, tried + 1, "one probe and no more");
			up = true;
			const ids = await sending;
			await eventually("the second probe comes", () => receiver.hits.length > tried + 1, 120_000, 20);
			within(
				(receiver.hits[tried + 1]?.at ?? 0) - (receiver.hits[tried]?.at ?? 0),
				58_000,
				63_000 * ground.patience,
				"ms until the second",
			);
			const backAt = Date.now();
			const isDone = async () => (await countDeliveries(place)).delivered === ids.length;
			await eventually("all are delivered", isDone, 600_000, 1_000);
			equal((await breaker()).state, "closed");
			equal(load.most, policy.max_in_flight);
			equal(receiver.hits.length, ids.length + tried + 1, "each once, but for what was tried before");
			ground.measured(`${tried} attempts until it opened; the rest went out in ${Math.round((Date.now() - backAt) / 1_000)} s`);
			return "Opened after 10 failures; a probe after 30 s and one 60 s later, nothing beside them; then all 10,000, 4 at a time, each once";
		},
	},
	{
		id: "E3",
		fault: "100 messages at once for a receiver that wants 5 a second",
		expected: "At most 5 a second +10 % over any 10 seconds, none lost, and it is shown since when they wait",
		quick: false,
		run: async (ground) => {
			const receiver = ground.own.use(await startReceiver([status(204)]));
			const place = await makeProject(ground);
			const integrationId = await addIntegration(place, receiver.url, { per_second: 5 });
			const begun = Date.now();
			await sendMessages(place, repeated(integrationId, 100));
			await sleep(5_000);
			const waitsSince = Date.parse((await integrationIn(place, integrationId)).waits_since ?? "");
			within(waitsSince, begun, begun + 5_000 * ground.patience, "since when the oldest waits");
			await eventually("all are delivered", async () => (await countDeliveries(place)).delivered === 100, 60_000);
			equal(receiver.hits.length, 100);
			equal(receiver.byMessage().size, 100);
			const times = timesOf(receiver.hits);
			const rate = (99 * 1_000) / (Math.max(...times) - Math.min(...times));
			ground.measured(
				`${rate.toFixed(2)} a second, at most ${mostWithin(times, 1_000)} within one, ${mostWithin(times, 10_000)} within ten`,
			);
			ok(rate <= 5.5, `${rate.toFixed(2)} a second`);
			ok(mostWithin(times, 10_000) <= 55, `${mostWithin(times, 10_000)} in 10 s`);
			return "At most 5.5 a second, over all and over any 10 seconds; 100 delivered once each, shown as waiting since the beginning";
		},
	},
	{
		id: "E6",
		fault: "1,000 messages to 125 receivers fail as fast as they are sent",
		expected: "They don't come back together: had all failed at one moment, no tenth of a second would hold more than 3 times the mean",
		quick: false,
		run: async (ground) => {
			const receiver = ground.own.use(await startReceiver(byCopy(status(503), status(204))));
			const place = await makeProject(ground);
			const receivers: string[] = [];
			// With fewer than ten failures in a row each, so that no breaker opens.
			for (let each = 0; each < 125; each += 1) receivers.push(await addIntegration(place, receiver.url));
			await sendMessages(place, repeated(receivers, 8).flat());
			await eventually("all came twice", async () => (await countDeliveries(place)).delivered === 1_000, 60_000);
			equal(receiver.hits.length, 2_000);
			const waits = await place.query<{ ms: number }>(
				`select (extract(epoch from next_attempt_at - finished_at) * 1000)::float8 as ms from delivery_attempts
				where project_id = $1 and outcome = 'unavailable'`,
				[place.projectId],
			);
			equal(waits.length, 1_000);
			const peak = mostWithin(
				waits.map(({ ms }) => ms),
				100,
			);
			ground.measured(
				`at most ${peak} within 100 ms, had all failed at the same moment; ${mostWithin(timesOf(receiver.hits), 100)} as they came`,
			);
			// The schedule's first wait is 5 s, a fifth more or less.
			ok(peak <= (3 * 1_000) / 20, `${peak} within 100 ms`);
			return "1,000 of 1,000 came once more; had all failed at the same moment, no tenth of a second would hold more than 3 times the mean";
		},
	},
];
