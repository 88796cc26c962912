import { codeOf } from "./start-error.ts";

/** What a write fails with when whoever read is gone: the other end of a pipe, or the terminal. */
const goneCodes = ["EPIPE", "EIO", "ECONNRESET"];

/**
 * Aborts on Ctrl-C, SIGTERM, SIGHUP, when the terminal is gone, and on a defect of ours; more of them change nothing, since
 * stopping is bounded in time by itself. From here on nothing else ends this process, which would leave its children behind.
 */
export const stopSignal = (print: (line: string) => void): AbortSignal => {
	const controller = new AbortController();
	// Ctrl-C comes from the terminal and, as a SIGTERM, from the launcher, in any order: only a second one by hand is answered.
	let interrupted = false;
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
		process.on(signal, () => {
			if (signal === "SIGINT" && interrupted) print("Already stopping; what is under way gets a few seconds to end.");
			if (signal === "SIGINT") interrupted = true;
			controller.abort();
		});
	// What can't be shown is dropped, e.g. into a file on a full disk.
	for (const stream of [process.stdout, process.stderr])
		stream.on("error", (error) => {
			if (goneCodes.includes(codeOf(error) ?? "")) controller.abort();
		});
	process.on("uncaughtException", (error) => {
		print(`A defect of AgentPlanner; stopping.\n${error instanceof Error ? error.stack : String(error)}`);
		process.exitCode = 1;
		controller.abort();
	});
	return controller.signal;
};
