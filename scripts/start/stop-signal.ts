/** Aborts on Ctrl-C, SIGTERM and SIGHUP; more of them change nothing, since stopping is bounded in time by itself. */
export const stopSignal = (print: (line: string) => void): AbortSignal => {
	const controller = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
		process.on(signal, () => {
			if (signal === "SIGINT" && controller.signal.aborted) print("Already stopping; what is under way gets a few seconds to end.");
			controller.abort();
		});
	// A test that ends, however it ends, takes with it what it started.
	if (process.channel) process.once("disconnect", () => controller.abort());
	return controller.signal;
};
