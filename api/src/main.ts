import { setTimeout as sleep } from "node:timers/promises";
import { isDatabaseUnavailable, migrateDatabase, openDatabase, SettingsError, startStamper } from "@agentplanner/core";
import { loadConfig } from "./config.ts";
import { createLogger, type Logger } from "./logger.ts";
import { startServer } from "./server.ts";
import { StartError } from "./start-error.ts";

const databasePatienceMs = 10_000;

/** The database may still be starting beside us. */
const migratePatiently = async (url: string, log: Logger) => {
	const giveUpAt = Date.now() + databasePatienceMs;
	for (;;) {
		try {
			return await migrateDatabase(url, { onBlocked: (message) => log.warn(message) });
		} catch (error) {
			if (!isDatabaseUnavailable(error) || Date.now() > giveUpAt) throw error;
			log.warn({ err: error }, "the database can't be reached yet");
			await sleep(500);
		}
	}
};

const signalled = () =>
	new Promise<string>((resolve) => {
		// Signals after the first change nothing: stopping is under way.
		for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve(signal));
	});

const main = async () => {
	const config = loadConfig();
	const log = createLogger(config.logLevel);
	const stop = signalled();
	let started = false;
	// Nothing is under way yet that would have to end well: a migration is one transaction.
	void stop.then(() => started || process.exit(0));
	const onError = (error: unknown) => log.warn({ err: error }, "a database connection failed");

	await migratePatiently(config.databaseUrl, log).catch((error: unknown) => {
		throw StartError.ofDatabase(error, config.databaseUrl);
	});
	const db = openDatabase({ url: config.databaseUrl, name: "agentplanner-api", onError });
	const stamper = startStamper({ url: config.databaseUrl, db, name: "agentplanner-api", onError });
	const server = await startServer({ config, db, log }).catch((error: unknown) => {
		throw StartError.ofServer(error, config.http);
	});
	const url = config.http.port === server.port ? config.http.publicUrl : `http://localhost:${server.port}`;
	started = true;
	log.info({ url, port: server.port }, "api ready");
	process.send?.({ type: "ready", url });

	log.info({ signal: await stop }, "api stopping");
	await server.close();
	await stamper.close();
	await db.close();
	log.info("api stopped");
};

main().catch((error: unknown) => {
	const expected = error instanceof SettingsError || error instanceof StartError;
	process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
	process.exit(1);
});
