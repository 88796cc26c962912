import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../scripts/testing/eventually.ts";
import type { Case } from "../case.ts";
import { startContest } from "../support/contest.ts";
import type { Figure } from "../support/figures.ts";
import { closedLoop, times } from "../support/load.ts";
import { type Memory, readMemory } from "../support/process.ts";

const inFlight = 16;
const calmMs = 5_000;

type Side = { api: Memory; worker: Memory };

/** What both take of the machine: the program that they share, Node itself, lies in memory once. */
const together = ({ api, worker }: Side): number => api.resident + worker.resident - Math.min(api.ofFiles, worker.ofFiles);

/** What api and worker hold in memory before and after many requests, against the same two processes of the bare engine. */
export const memory: Case = async (options, own) => {
	const count = options.quick ? 1_000 : 10_000;
	const { query, ask, pids } = await startContest(options, own, { answers: true, connections: inFlight });
	const of = ({ api, worker }: { api: number; worker: number }): Side => ({ api: readMemory(api), worker: readMemory(worker) });
	const read = () => ({ ours: of(pids.ours), bare: of(pids.bare) });

	await sleep(calmMs);
	const before = read();
	const begun = performance.now();
	await closedLoop(inFlight, times(count), async () => (await ask.ours()).hit);
	await eventually(
		"every request is completed",
		async () => {
			const [row] = await query<{ open: number }>("select count(*)::int as open from agent_requests where status <> 'completed'");
			return row?.open === 0;
		},
		120_000,
	);
	const tookMs = performance.now() - begun;
	await closedLoop(inFlight, times(count), async () => (await ask.bare()).hit);
	await sleep(calmMs);
	const after = read();

	const figure = (name: string, of: (side: Side) => number, at: typeof before): Figure => ({
		name,
		unit: "MiB",
		better: "lower",
		ours: [of(at.ours)],
		bare: [of(at.bare)],
	});
	return {
		title: `c. Resident memory, before and after ${count} requests asked and answered`,
		about: [
			"against the same two processes of the bare engine, which have passed as many messages on. One run.",
			"both: the pages of the Node binary, which lie in memory once for the two, are counted once.",
		],
		figures: [
			figure("before, api", ({ api }) => api.resident, before),
			figure("before, worker", ({ worker }) => worker.resident, before),
			figure("before, both", together, before),
			figure("after, api", ({ api }) => api.resident, after),
			figure("after, worker", ({ worker }) => worker.resident, after),
			figure("after, both", together, after),
		],
		notes: [`${count} requests were asked, answered and completed in ${Math.round(tookMs / 1000)} s, ${inFlight} at a time.`],
	};
};
