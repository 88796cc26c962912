import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@agentplanner/db/embedded";
import { freePort } from "./ports.ts";
import { isAlive } from "./processes.ts";
import { messageOf, StartError } from "./start-error.ts";

const preferredPort = 5442;
const lookEveryMs = 500;
const firstDelayMs = 100;
const maxDelayMs = 5_000;

export type SupervisedPostgres = {
	url: string;
	pid(): number | null;
	stop(): Promise<void>;
};

const postmasterPid = (folder: string): number | null => {
	try {
		return Number(readFileSync(join(folder, "data", "postmaster.pid"), "utf8").split("\n")[0]) || null;
	} catch {
		return null;
	}
};

/** Starts the embedded PostgreSQL in `folder`, and starts it again whenever it is gone. */
export const runPostgres = async (
	folder: string,
	{ print, onPid }: { print: (line: string) => void; onPid: (pid: number | null) => void },
): Promise<SupervisedPostgres> => {
	const fail = (error: unknown): never => {
		throw new StartError(messageOf(error));
	};
	const startOn = async (port: number): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ folder, port });
	const server = await startOn(await freePort(preferredPort))
		// Another start was faster.
		.catch(async (error) => (/Address already in use/.test(messageOf(error)) ? startOn(await freePort()) : fail(error)))
		.catch(fail);
	const url = await server.url("agentplanner").catch(async (error) => {
		await server.stop().catch(() => {});
		return fail(error);
	});
	onPid(postmasterPid(folder));

	const stopping = new AbortController();
	const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});
	const supervise = async () => {
		let delay = firstDelayMs;
		while (!stopping.signal.aborted) {
			await pause(lookEveryMs);
			const pid = postmasterPid(folder);
			if (stopping.signal.aborted || (pid !== null && isAlive(pid))) {
				delay = firstDelayMs;
				continue;
			}
			print("PostgreSQL ended unexpectedly; starting it again");
			try {
				await server.restart();
				onPid(postmasterPid(folder));
			} catch (error) {
				print(`PostgreSQL did not start (${messageOf(error)}); trying again in ${delay} ms`);
				await pause(delay);
				delay = Math.min(delay * 2, maxDelayMs);
			}
		}
	};
	const running = supervise();

	return {
		url,
		pid: () => postmasterPid(folder),
		stop: async () => {
			stopping.abort();
			await running;
			await server.stop();
		},
	};
};
