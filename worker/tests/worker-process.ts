import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { endsWithParent } from "../../scripts/testing/ends-with-parent.ts";
import { settingsFor } from "./harness.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export type WorkerProcess = {
	output(): string;
	/** Resolves once it runs; rejects if it ends before. */
	ready: Promise<void>;
	exited: Promise<{ code: number | null; signal: string | null }>;
	kill(signal: NodeJS.Signals): void;
};

/** A worker in a process of its own with these settings alone; killed when the test ends. Concurrent tests pass their own hook. */
export const launch = (settings: Record<string, string>, whenTestEnds: typeof onTestFinished = onTestFinished): WorkerProcess => {
	const child = spawn(process.execPath, [...endsWithParent, main], {
		env: { PATH: process.env.PATH, LOG_LEVEL: "warn", ...settings },
		stdio: ["ignore", "pipe", "pipe", "ipc"],
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream?.on("data", (chunk: Buffer) => {
			output += chunk.toString();
		});
	const exited = once(child, "exit").then(([code, signal]) => ({ code, signal }));
	const ready = Promise.race([
		once(child, "message").then(() => {}),
		exited.then(({ code, signal }) => Promise.reject(new Error(`The worker ended (${code ?? signal}): ${output}`))),
	]);
	ready.catch(() => {});
	whenTestEnds(async () => {
		child.kill("SIGKILL");
		await exited;
	});
	return { output: () => output, ready, exited, kill: (signal) => void child.kill(signal) };
};

/** The same on a database, once it runs. */
export const launchWorker = async (url: string, settings: Record<string, string> = {}): Promise<WorkerProcess> => {
	const worker = launch({ ...settingsFor(url), ...settings });
	await worker.ready;
	return worker;
};
