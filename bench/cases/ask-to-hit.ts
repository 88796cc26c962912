import type { Case } from "../case.ts";
import { startContest } from "../support/contest.ts";
import { alternate, type Figures, figuresOf, latencies, latencyKinds } from "../support/figures.ts";
import { closedLoop, openLoop, times } from "../support/load.ts";
import { settle } from "../support/settle.ts";

const connections = 32;
const steadyPerSecond = 20;

type Ask = () => Promise<{ begun: number; accepted: number; hit: Promise<number> }>;

/** As fast as asks are accepted: what counts is the rate; latency is mostly queueing. */
const saturated = async (ask: Ask, count: number): Promise<Figures> => {
	const asks: Awaited<ReturnType<Ask>>[] = [];
	await closedLoop(connections, times(count), async () => asks.push(await ask()));
	const hits = await Promise.all(asks.map(({ hit }) => hit));
	const begun = Math.min(...asks.map((one) => one.begun));
	const lastHit = Math.max(...hits);
	const took = asks.map((one, index) => (hits[index] ?? Number.NaN) - one.begun);
	return {
		rate: (count * 1_000) / (lastHit - begun),
		...latencies(took),
	};
};

/** At a rate that neither side is troubled by: what counts is the latency. */
const steady = async (ask: Ask, count: number): Promise<Figures> => {
	const took = await openLoop(steadyPerSecond, count, async () => {
		const { begun, hit } = await ask();
		return (await hit) - begun;
	});
	return latencies(took);
};

/** From the moment before the POST until the webhook agent has been hit, against the bare engine with as many hops. */
export const askToHit: Case = async (options, own) => {
	const { runs, quick } = options;
	const { query, ask } = await startContest(options, own, { answers: false, connections });
	const many = quick ? 200 : 500;
	const few = steadyPerSecond * (quick ? 3 : 10);
	const settled = async (figures: Promise<Figures>) => {
		const measured = await figures;
		await settle(query);
		return measured;
	};
	const full = await alternate(
		{ ours: () => settled(saturated(ask.ours, many)), bare: () => saturated(ask.bare, many) },
		{ runs, warmUps: 2 },
	);
	const calm = await alternate({ ours: () => settled(steady(ask.ours, few)), bare: () => steady(ask.bare, few) }, { runs, warmUps: 1 });
	return {
		title: "b. From the ask to the webhook's hit",
		about: [
			"against bare graphile-worker: HTTP call, job, job, POST of the same body to the same receiver; as many slots and processes.",
			`saturated: ${many} asks as fast as ${connections} connections get them accepted. steady: ${steadyPerSecond} asks a second.`,
		],
		figures: [
			...figuresOf(full, { rate: { name: "saturated, rate", unit: "hits/s", better: "higher" }, ...latencyKinds("saturated") }),
			...figuresOf(calm, latencyKinds(`steady ${steadyPerSecond}/s`)),
		],
		notes: [`2 engine hops on either side, beside our relay: outbox → dispatch-request → deliver-message → webhook.`],
	};
};
