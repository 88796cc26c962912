import { SettingsError } from "@agentplanner/core";
import { loadConfig } from "./config.ts";
import { createLogger } from "./logger.ts";
import { explainStartError } from "./start-error.ts";
import { startWorker } from "./start-worker.ts";
import { waitForSchema } from "./wait-for-schema.ts";

/** Longer than any run may take; whatever still hangs then is taken over by another worker. */
const stopWithinMs = 30_000;

const complain = (message: string): never => {
	process.stderr.write(`${message}\n`);
	process.exit(1);
};

const config = (() => {
	try {
		return loadConfig();
	} catch (error) {
		if (error instanceof SettingsError) return complain(error.message);
		throw error;
	}
})();
const log = createLogger(config.logLevel);

// From the first moment, since a container's first process ignores signals that it doesn't handle. Further ones change nothing: a
// Ctrl-C in a terminal comes from the terminal and from npm.
const signalled = new Promise<"signal">((resolve) => {
	for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve("signal"));
});

// A library may forget a rejection, such as that of a reconnection: whatever it was about is still in the database.
process.on("unhandledRejection", (error) => log.error({ err: error }, "nobody handled a rejection"));
// What threw where nobody could catch it may have left anything behind: another process goes on.
const crashed = new Promise<Error>((resolve) => {
	process.on("uncaughtException", (error) => {
		log.error({ err: error }, "something was thrown where nobody catches it");
		resolve(error);
	});
});

try {
	const ready = await Promise.race([waitForSchema(config.databaseUrl, log).then(() => true), signalled]);
	// Nothing has begun yet that would have to end.
	if (ready === "signal") process.exit(0);
	const worker = await Promise.race([startWorker(config, log), crashed.then((error) => Promise.reject(error))]);
	log.info({ workerId: worker.id, engine: worker.engine, healthPort: worker.healthPort }, "worker runs");
	process.send?.({ type: "ready", engine: worker.engine, healthPort: worker.healthPort });

	const why = await Promise.race([signalled, crashed, worker.failed]);
	if (why !== "signal") log.error({ err: why }, "the worker can't go on here; it ends and wants to be started again");
	setTimeout(() => {
		log.error("what runs doesn't end; the worker ends without it");
		process.exit(1);
	}, stopWithinMs).unref();
	await worker.stop();
	log.info("worker stopped");
	// The Hatchet SDK keeps streams that reconnect for ever.
	process.exit(why === "signal" ? 0 : 1);
} catch (error) {
	complain(explainStartError(error, config) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)));
}
