import { isDatabaseUnavailable, openDatabase, pendingMigrations } from "@agentplanner/core";
import type { Logger } from "./logger.ts";

export class SchemaBehindError extends Error {
	override name = "SchemaBehindError";
}

const pollMs = 250;

/** How long the worker waits for others; `schemaMs` for the api's migrations, `databaseMs` for PostgreSQL itself. */
export type Patience = { schemaMs: number; databaseMs: number };
const usualPatience: Patience = { schemaMs: 60_000, databaseMs: 10_000 };

/**
 * The api migrates; the worker waits until the database is up to date for this build. Throws SchemaBehindError, or the database's
 * own error, once the patience with them is at its end.
 */
export const waitForSchema = async (url: string, log: Logger, { schemaMs, databaseMs } = usualPatience): Promise<void> => {
	const db = openDatabase({ url, name: "agentplanner-worker-schema", poolSize: 1, onError: () => {} });
	const start = Date.now();
	let said = false;
	try {
		for (;;) {
			try {
				const pending = await pendingMigrations(db.pool);
				if (pending.length === 0) return;
				if (Date.now() - start > schemaMs)
					throw new SchemaBehindError(
						`The database lacks migrations of this build: ${pending.join(", ")}. Start the api, which applies them, or run: npm run db:migrate`,
					);
			} catch (error) {
				if (!isDatabaseUnavailable(error) || Date.now() - start > databaseMs) throw error;
			}
			if (!said) log.info("waiting for the api to bring the database up to date");
			said = true;
			await new Promise((resolve) => setTimeout(resolve, pollMs));
		}
	} finally {
		await db.close();
	}
};
