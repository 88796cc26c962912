import { isDatabaseUnavailable, MigrationBlockedError } from "@agentplanner/core";

const codeOf = (error: unknown): string | undefined => {
	for (let current = error; current instanceof Error; current = current.cause)
		if ("code" in current && typeof current.code === "string") return current.code;
	return undefined;
};

const messageOf = (error: unknown) => (error instanceof Error ? error.message || codeOf(error) || error.name : String(error));

/** Without user and password: it ends up in terminals and logs. */
const placeOf = (databaseUrl: string) => {
	const { hostname, port, pathname } = new URL(databaseUrl);
	return `${hostname}:${port || "5432"}${pathname}`;
};

/** Why the process can't start, in one sentence with its remedy. */
export class StartError extends Error {
	override name = "StartError";

	static ofDatabase(error: unknown, databaseUrl: string): StartError {
		const place = placeOf(databaseUrl);
		const explain = () => {
			const code = codeOf(error);
			if (code === "28P01" || code === "28000") return `PostgreSQL at ${place} refuses the user or password: correct DATABASE_URL.`;
			if (code === "3D000") return `PostgreSQL at ${place} has no such database: create it, or correct DATABASE_URL.`;
			if (isDatabaseUnavailable(error))
				return `PostgreSQL at ${place} can't be reached (${messageOf(error)}): start it, or correct DATABASE_URL; npm start brings its own.`;
			if (error instanceof MigrationBlockedError) return `The database at ${place} can't be brought up to date. ${error.message}`;
			return `The database at ${place} can't be brought up to date (${messageOf(error)}): see the cause below.`;
		};
		return new StartError(explain(), { cause: error });
	}

	static ofServer(error: unknown, { port, host }: { port: number; host: string }): StartError {
		const explain = () => {
			switch (codeOf(error)) {
				case "EADDRINUSE":
					return `Port ${port} on ${host} is taken: stop what uses it, or set PORT to another one.`;
				case "EACCES":
					return `Port ${port} may not be used by this user: set PORT to one above 1023.`;
				case "EADDRNOTAVAIL":
					return `${host} is no address of this machine: correct HOST (127.0.0.1 for this machine alone, 0.0.0.0 for every network).`;
				default:
					return `The server can't start (${messageOf(error)}).`;
			}
		};
		return new StartError(explain(), { cause: error });
	}
}
