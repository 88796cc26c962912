import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { openLogFile } from "./log-file.ts";
import { root } from "./root.ts";
import { StartError } from "./start-error.ts";
import { limitLines, terminalLine } from "./terminal-lines.ts";

export type ServiceDefinition = {
	name: string;
	/** Relative to the checkout. */
	script: string;
	/** Read anew at every start. */
	env: () => Record<string, string>;
	logFile: string;
	/** A line of output that says it is up, for a program that doesn't send us `ready`. */
	readyLine?: RegExp;
};

export type Service = {
	/** Resolves with true when it first said `ready`, false after that long; throws when it ends before. */
	ready(timeoutMs: number): Promise<boolean>;
	/** Ends the process gently; it is started again with the environment of that moment. */
	restart(): void;
	/** SIGTERM, and SIGKILL when it takes longer than `graceMs`. */
	stop(graceMs: number): Promise<void>;
};

const firstDelayMs = 200;
const maxDelayMs = 10_000;
/** A process that lived that long starts the next series of delays from the beginning. */
const calmMs = 30_000;
const keptLines = 12;

const isReady = (message: unknown): boolean =>
	typeof message === "object" && message !== null && "type" in message && message.type === "ready";

/**
 * Runs one of our processes and starts it again whenever it ends. It has a session of its own, so that Ctrl-C reaches us alone
 * and we stop everything in order.
 */
export const runService = (
	definition: ServiceDefinition,
	{ print, onPid, onReady }: { print: (line: string) => void; onPid: (pid: number | null) => void; onReady?: (message: unknown) => void },
): Service => {
	const { name, script, env, logFile, readyLine } = definition;
	const log = openLogFile(logFile);
	const show = limitLines(print, logFile);
	const stopping = new AbortController();
	const firstReady = Promise.withResolvers<boolean>();
	firstReady.promise.catch(() => {});
	let child: ChildProcess | null = null;
	/** Ready, or no longer waited for: from now on it is started again whatever happens. */
	let begun = false;

	const becomeReady = () => {
		begun = true;
		firstReady.resolve(true);
	};

	const runOnce = async (): Promise<string> => {
		const last: string[] = [];
		child = spawn(process.execPath, [script], {
			cwd: root,
			env: env(),
			detached: true,
			stdio: ["ignore", "pipe", "pipe", "ipc"],
		});
		const { pid, stdout, stderr } = child;
		onPid(pid ?? null);
		for (const stream of [stdout, stderr]) {
			if (!stream) continue;
			createInterface({ input: stream }).on("line", (line) => {
				log.write(`${line}\n`);
				if (readyLine?.test(line)) return becomeReady();
				const { text, use } = terminalLine(name, line);
				// Until it has begun, everything becomes the text of the one error that is shown.
				if (begun && use === "show") return show(text);
				if (use !== "hide") last.push(text);
				if (last.length > keptLines) last.shift();
			});
		}
		child.on("message", (message) => {
			if (!isReady(message)) return;
			onReady?.(message);
			becomeReady();
		});
		const end = await new Promise<string>((resolve) => {
			child?.once("error", (error) => resolve(error.message));
			child?.once("close", (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
		});
		child = null;
		onPid(null);
		if (!begun) firstReady.reject(new StartError(`The ${name} ${end} while starting.\n${last.join("\n") || `See ${logFile}`}`));
		else if (!stopping.signal.aborted) for (const text of last) show(text);
		return end;
	};

	const supervise = async () => {
		let delay = firstDelayMs;
		while (!stopping.signal.aborted) {
			const startedAt = Date.now();
			const end = await runOnce();
			if (stopping.signal.aborted || !begun) return;
			if (Date.now() - startedAt > calmMs) delay = firstDelayMs;
			show(`${name} ${end}; starting it again in ${delay} ms (its log: ${logFile})`);
			await sleep(delay, undefined, { signal: stopping.signal }).catch(() => {});
			delay = Math.min(delay * 2, maxDelayMs);
		}
	};
	const running = supervise();

	return {
		ready: async (timeoutMs) => {
			const giveUp = new AbortController();
			const late = sleep(timeoutMs, false, { signal: giveUp.signal }).catch(() => false);
			try {
				const ready = await Promise.race([firstReady.promise, late]);
				begun = true;
				return ready;
			} finally {
				giveUp.abort();
			}
		},
		restart: () => {
			child?.kill("SIGTERM");
		},
		stop: async (graceMs) => {
			stopping.abort();
			child?.kill("SIGTERM");
			const kill = setTimeout(() => {
				print(`${name} took longer than ${graceMs / 1000} s to stop; ending it`);
				child?.kill("SIGKILL");
			}, graceMs);
			await running;
			clearTimeout(kill);
		},
	};
};
