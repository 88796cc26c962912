import { isDatabaseUnavailable, SettingsError } from "@agentplanner/core";
import { EngineUnavailableError } from "@agentplanner/engine";
import { loadConfig } from "./config.ts";
import { createLogger } from "./logger.ts";
import { startWorker } from "./start-worker.ts";
import { SchemaBehindError, waitForSchema } from "./wait-for-schema.ts";

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

try {
	await waitForSchema(config.databaseUrl, log);
	const worker = await startWorker(config, log);
	log.info({ workerId: worker.id, engine: worker.engine, healthPort: worker.healthPort }, "worker runs");
	process.send?.({ type: "ready", engine: worker.engine, healthPort: worker.healthPort });

	const stopped = new Promise<"signal">((resolve) => {
		for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve("signal"));
	});
	const why = await Promise.race([stopped, worker.failed]);
	if (why !== "signal") log.error({ err: why }, "the engine can't go on here; the worker ends and wants to be started again");
	await worker.stop();
	log.info("worker stopped");
	// The Hatchet SDK keeps streams that reconnect for ever.
	process.exit(why === "signal" ? 0 : 1);
} catch (error) {
	if (error instanceof SchemaBehindError) complain(error.message);
	if (error instanceof EngineUnavailableError) complain(`${error.message}\n${error.remedy}`);
	if (isDatabaseUnavailable(error))
		complain(
			`The database can't be reached (${error instanceof Error ? error.message : error}). Check that PostgreSQL runs and that DATABASE_URL is right.`,
		);
	throw error;
}
