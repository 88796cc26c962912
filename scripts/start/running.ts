import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJson, writePrivate } from "./data-folder.ts";
import { markOf, type ProcessMark, stillRuns } from "./processes.ts";
import { StartError } from "./start-error.ts";

/** What `running.json` in the data folder says about the start that uses it: for a second start, for tools and for tests. */
export type Running = {
	starter: ProcessMark;
	url: string;
	databaseUrl: string | null;
	engine: string;
	services: Record<string, ProcessMark>;
};

const fileIn = (dataDir: string) => join(dataDir, "running.json");

/** Ends what a start that was killed left behind: its detached api, worker and echo agent. PostgreSQL is adopted instead. */
const endLeftovers = async ({ postgres: _, ...services }: Record<string, ProcessMark>) => {
	const left = Object.values(services).filter((mark) => mark.birth !== "" && stillRuns(mark));
	for (const { pid } of left) process.kill(pid, "SIGTERM");
	for (let waited = 0; waited < 8_000 && left.some(stillRuns); waited += 100) await sleep(100);
	for (const mark of left) if (stillRuns(mark)) process.kill(mark.pid, "SIGKILL");
};

export type RunningFile = { update(change: Partial<Running>): void; setService(name: string, pid: number | null): void; remove(): void };

/** Claims the data folder for this process; a second start on it is told so. */
export const claimDataFolder = async (dataDir: string): Promise<RunningFile> => {
	const earlier = readJson<Running>(fileIn(dataDir));
	if (earlier?.starter && stillRuns(earlier.starter))
		throw new StartError(
			`AgentPlanner already runs on ${dataDir}${earlier.url ? ` at ${earlier.url}` : ""} (process ${earlier.starter.pid}). Stop it with Ctrl-C in its terminal or "kill ${earlier.starter.pid}", or start a second one with --data DIR --port N.`,
		);
	if (earlier?.services) await endLeftovers(earlier.services);
	let current: Running = { starter: markOf(process.pid), url: "", databaseUrl: null, engine: "", services: {} };
	const save = () => writePrivate(fileIn(dataDir), `${JSON.stringify(current, null, "\t")}\n`);
	save();
	return {
		update: (change) => {
			current = { ...current, ...change };
			save();
		},
		setService: (name, pid) => {
			const { [name]: _, ...others } = current.services;
			current = { ...current, services: pid === null ? others : { ...others, [name]: markOf(pid) } };
			save();
		},
		remove: () => rmSync(fileIn(dataDir), { force: true }),
	};
};
