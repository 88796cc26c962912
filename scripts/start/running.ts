import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJson, writePrivate } from "./data-folder.ts";
import { markOf, type ProcessMark, stillRuns } from "./processes.ts";
import { codeOf, StartError } from "./start-error.ts";

/** What `running.json` in the data folder says about the start that uses it: for a second start, for tools and for tests. */
export type Running = {
	starter: ProcessMark;
	url: string;
	databaseUrl: string | null;
	engine: string;
	services: Record<string, ProcessMark>;
};

/** A claim takes milliseconds; whoever holds the guard longer was killed. */
const guardMs = 5_000;

const fileIn = (dataDir: string) => join(dataDir, "running.json");
const textOf = (running: Running) => `${JSON.stringify(running, null, "\t")}\n`;

/** Ends what a start that was killed left behind: its detached api, worker and echo agent. PostgreSQL is adopted instead. */
const endLeftovers = async ({ postgres: _, ...services }: Record<string, ProcessMark>) => {
	const left = Object.values(services).filter((mark) => mark.birth !== "" && stillRuns(mark));
	for (const { pid } of left) process.kill(pid, "SIGTERM");
	for (let waited = 0; waited < 8_000 && left.some(stillRuns); waited += 100) await sleep(100);
	for (const mark of left) if (stillRuns(mark)) process.kill(mark.pid, "SIGKILL");
};

/** Runs `look` while no other start does, without a pause in it. */
const alone = async <T>(dataDir: string, look: () => T): Promise<T> => {
	const guard = `${fileIn(dataDir)}.claim`;
	for (;;) {
		try {
			writeFileSync(guard, "", { flag: "wx" });
			break;
		} catch (error) {
			if (codeOf(error) !== "EEXIST") throw error;
			const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
			if (Date.now() - made > guardMs) rmSync(guard, { force: true });
			await sleep(20);
		}
	}
	try {
		return look();
	} finally {
		rmSync(guard, { force: true });
	}
};

/** Writes the claim, at first with what the start before left behind: being killed meanwhile must not lose that. */
const claim = (dataDir: string): Running => {
	const earlier = readJson<Running>(fileIn(dataDir));
	if (earlier?.starter && stillRuns(earlier.starter))
		throw new StartError(
			`AgentPlanner already runs on ${dataDir}${earlier.url ? ` at ${earlier.url}` : ""} (process ${earlier.starter.pid}). Stop it with Ctrl-C in its terminal or "kill ${earlier.starter.pid}", or start a second one with --data DIR --port N.`,
		);
	const own = { starter: markOf(process.pid), url: "", databaseUrl: null, engine: "", services: earlier?.services ?? {} };
	writePrivate(fileIn(dataDir), textOf(own));
	return own;
};

export type RunningFile = { update(change: Partial<Running>): void; setService(name: string, pid: number | null): void; remove(): void };

/** Claims the data folder for this process; a second start on it is told so. Later writes never throw: what runs matters more. */
export const claimDataFolder = async (dataDir: string, print: (line: string) => void): Promise<RunningFile> => {
	let current = await alone(dataDir, () => claim(dataDir));
	let failing = false;
	const save = () => {
		try {
			writePrivate(fileIn(dataDir), textOf(current));
			failing = false;
		} catch (error) {
			if (!failing) print(`running.json can't be written (${codeOf(error)}); the product goes on`);
			failing = true;
		}
	};
	await endLeftovers(current.services);
	current = { ...current, services: {} };
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
		remove: () => {
			try {
				rmSync(fileIn(dataDir), { force: true });
			} catch {}
		},
	};
};
