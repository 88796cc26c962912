import { setTimeout as sleep } from "node:timers/promises";
import type { Readiness } from "@agentplanner/contracts";
import { type Context, readReadiness } from "@agentplanner/core";
import { type Middleware, stateOf } from "./request-state.ts";

const patienceMs = 3_000;

const unavailable = (problem: string, remedy: string): Readiness => ({
	status: "unavailable",
	engine: null,
	worker_last_seen_at: null,
	outbox_depth: null,
	outbox_lag_ms: null,
	reasons: [{ problem, remedy }],
});

const withoutDatabase = unavailable(
	"The database can't be reached.",
	"Start PostgreSQL, or check DATABASE_URL; the api reconnects by itself.",
);

const withoutMigrations = (pending: string[]) =>
	unavailable(
		`The database is older than this build: ${pending.join(", ")} is missing.`,
		"Start the api again; it brings the database up to date.",
	);

type PendingMigrations = () => Promise<string[]>;

const read = async (core: Context, pendingMigrations: PendingMigrations): Promise<Readiness> => {
	const pending = await pendingMigrations();
	return pending.length > 0 ? withoutMigrations(pending) : readReadiness(core);
};

/** A probe must be answered in time even where the database hangs. */
const patiently = async (reading: Promise<Readiness>): Promise<Readiness> => {
	const giveUp = new AbortController();
	try {
		return await Promise.race([reading, sleep(patienceMs, withoutDatabase, { signal: giveUp.signal })]);
	} finally {
		giveUp.abort();
	}
};

export const health: Middleware = (_request, response) => {
	response.set("Cache-Control", "no-store").json({ status: "ok" });
};

/** Fails only where nothing can be accepted: trouble with worker or engine leaves the api in rotation, since it keeps what it takes. */
export const ready =
	(pendingMigrations: PendingMigrations): Middleware =>
	async (request, response) => {
		const { core, log } = stateOf(request);
		const readiness = await patiently(read(core, pendingMigrations)).catch((error: unknown) => {
			log.warn({ err: error }, "readiness could not be read");
			return withoutDatabase;
		});
		response
			.status(readiness.status === "unavailable" ? 503 : 200)
			.set("Cache-Control", "no-store")
			.json(readiness);
	};
