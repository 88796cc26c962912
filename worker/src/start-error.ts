import { isDatabaseUnavailable } from "@agentplanner/core";
import { EngineUnavailableError } from "@agentplanner/engine";
import type { Config } from "./config.ts";
import { HealthPortError } from "./health-server.ts";
import { SchemaBehindError } from "./wait-for-schema.ts";

/** SQLSTATEs with which PostgreSQL answers and still won't let us in: authorization, wrong password, no such database. */
const refusals = new Set(["28000", "28P01", "3D000"]);

/** What an operator is told of a worker that can't start: what is wrong and what to do. Null for what nobody foresaw. */
export const explainStartError = (error: unknown, config: Config): string | null => {
	if (error instanceof SchemaBehindError || error instanceof HealthPortError) return error.message;
	if (error instanceof EngineUnavailableError) return `${error.message}\n${error.remedy}`;
	const { host, pathname } = new URL(config.databaseUrl);
	const words = error instanceof AggregateError ? error.errors.map(messageOf).join("; ") : messageOf(error);
	if (isDatabaseUnavailable(error))
		return `The database at ${host} can't be reached (${words}). Check that PostgreSQL runs and that DATABASE_URL is right.`;
	if (error instanceof Error && refusals.has((error as { code?: string }).code ?? ""))
		return `PostgreSQL at ${host} refuses the database ${pathname.slice(1)} (${words}). Correct DATABASE_URL; it must be the api's.`;
	return null;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
