type PostgresError = { code: string; constraint?: string };

const isPostgresError = (value: unknown): value is PostgresError =>
	typeof value === "object" && value !== null && "code" in value && typeof value.code === "string" && /^[0-9A-Z]{5}$/.test(value.code);

/** SQLSTATE and constraint of a failed query, looked for through the wrappers around it; null if Postgres didn't say so. */
export const postgresError = (error: unknown): PostgresError | null => {
	for (let current: unknown = error, depth = 0; current && depth < 5; depth += 1) {
		if (isPostgresError(current)) return current;
		current = current instanceof Error ? current.cause : null;
	}
	return null;
};

export const isUniqueViolation = (error: unknown, constraint?: string): boolean => {
	const found = postgresError(error);
	return found?.code === "23505" && (constraint === undefined || found.constraint === constraint);
};

export const isForeignKeyViolation = (error: unknown): boolean => postgresError(error)?.code === "23503";

const connectionCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"]);
const connectionMessages =
	/connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable/i;

/** True when the database could not be reached, went away in the middle, or can't write just now: worth trying again later. */
export const isDatabaseUnavailable = (error: unknown): boolean => {
	for (let current: unknown = error, depth = 0; current && depth < 5; depth += 1) {
		if (!(current instanceof Error)) return false;
		const { code } = current as { code?: unknown };
		if (typeof code === "string") {
			if (connectionCodes.has(code)) return true;
			// class 08: connection; 53: no room, memory or connection left; 57P01-57P03: shutting down, crashed, starting up; 58030: the disk
			// fails; 25006: it is read-only
			if (/^(08|53)/.test(code) || ["57P01", "57P02", "57P03", "58030", "25006"].includes(code)) return true;
		}
		// pg gives lost connections no code.
		if (connectionMessages.test(current.message)) return true;
		if (current instanceof AggregateError && current.errors.some(isDatabaseUnavailable)) return true;
		current = current.cause;
	}
	return false;
};

/**
 * True when a connection's prepared statement no longer fits the tables, as after a migration under a running process, or is gone: on
 * another connection the same query works.
 */
export const isStaleStatement = (error: unknown): boolean => ["0A000", "26000"].includes(postgresError(error)?.code ?? "");
