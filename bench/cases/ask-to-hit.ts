import type { Case } from "../case.ts";
import { type Ask, startContest } from "../support/contest.ts";
import { alternate, type Figures, figuresOf, latencies, latencyKinds } from "../support/figures.ts";
import { closedLoop, openLoop, times } from "../support/load.ts";
import { processorMs } from "../support/process.ts";
import { settle } from "../support/settle.ts";

const connections = 32;
const steadyPerSecond = 20;

/** As fast as asks are accepted: what counts is the rate; latency is mostly queueing. */
const saturated = async (ask: Ask, count: number): Promise<Figures> => {
	const asks: Awaited<ReturnType<Ask>>[] = [];
	await closedLoop(connections, times(count), async () => asks.push(await ask()));
	const hits = await Promise.all(asks.map(({ hit }) => hit));
	const begun = Math.min(...asks.map((one) => one.begun));
	const took = asks.map((one, index) => (hits[index] ?? Number.NaN) - one.begun);
	return { rate: (count * 1_000) / (Math.max(...hits) - begun), ...latencies(took) };
};

/** At a rate that neither side is troubled by: what counts is the latency. */
const steady = async (ask: Ask, count: number): Promise<Figures> =>
	latencies(
		await openLoop(steadyPerSecond, count, async () => {
			const { begun, hit } = await ask();
			return (await hit) - begun;
		}),
	);

/** From the moment before the POST until the webhook agent has been hit, against the bare engine with as many hops. */
export const askToHit: Case = async (options, own) => {
	const { runs, quick } = options;
	const { query, ask, about, pids } = await startContest(options, own, { answers: false, connections });
	const many = quick ? 200 : 500;
	const few = steadyPerSecond * (quick ? 3 : 10);
	/** Waits for what follows the last hit, too, so that the other side isn't disturbed by it and its processor time counts. */
	const side = (name: "ours" | "bare", measure: typeof saturated, count: number) => async () => {
		const cpuBefore = processorMs(Object.values(pids[name]));
		const figures = await measure(ask[name], count);
		await settle(query);
		return { ...figures, cpu: (processorMs(Object.values(pids[name])) - cpuBefore) / count };
	};
	const full = await alternate({ ours: side("ours", saturated, many), bare: side("bare", saturated, many) }, { runs, warmUps: 2 });
	const calm = await alternate({ ours: side("ours", steady, few), bare: side("bare", steady, few) }, { runs, warmUps: 1 });
	const calmly = `steady ${steadyPerSecond}/s`;
	return {
		title: "b. From the ask to the webhook's hit",
		about: [
			`against bare ${about.engine}, which is asked by HTTP as well and sends the same body to the same receiver.`,
			`saturated: ${many} asks as fast as ${connections} connections get them accepted. steady: ${steadyPerSecond} asks a second.`,
		],
		figures: [
			...figuresOf(full, {
				rate: { name: "saturated, rate", unit: "hits/s", better: "higher" },
				...latencyKinds("saturated"),
				cpu: { name: "saturated, processor", unit: "ms/ask", better: "lower" },
			}),
			...figuresOf(calm, latencyKinds(calmly)),
		],
		notes: [`Engine hops: ${about.hops}.`, "Processor: what api and worker used for one ask and all that follows from it."],
	};
};
