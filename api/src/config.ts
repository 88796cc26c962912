import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export type Config = Readonly<{
	databaseUrl: string;
	encryptionKey: string;
	http: Readonly<{ port: number; host: string; publicUrl: string; frontendDir: string }>;
	session: Readonly<{ cookieName: string }>;
	signup: "invitation" | "open";
	logLevel: LogLevel;
}>;

/** Every problem with the settings at once, each with its remedy. */
export class ConfigError extends Error {
	override name = "ConfigError";
	readonly problems: readonly string[];
	constructor(problems: string[]) {
		super(`The settings can't be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
		this.problems = problems;
	}
}

type Environment = Record<string, string | undefined>;

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

const builtFrontend = fileURLToPath(new URL("../../frontend/dist", import.meta.url));

const isKey = (text: string) => /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, "base64").length === 32;
const isUrl = (text: string, ...protocols: string[]) => URL.canParse(text) && protocols.includes(new URL(text).protocol);

/** Settings by their names in the environment; `secretNames` can also be given as a file. */
export const environmentSchema = z.object({
	DATABASE_URL: z
		.string("DATABASE_URL is missing: set it to a PostgreSQL address (postgres://user:password@host:5432/name), or use npm start")
		.refine(
			(url) => isUrl(url, "postgres:", "postgresql:"),
			"DATABASE_URL must look like postgres://user:password@host:5432/name; or use npm start",
		),
	ENCRYPTION_KEY: z
		.string("ENCRYPTION_KEY is missing: make one with openssl rand -base64 32 and keep it; without it stored credentials can't be read")
		.refine(isKey, "ENCRYPTION_KEY must be 32 bytes as base64: make one with openssl rand -base64 32"),
	PORT: z.coerce
		.number("PORT must be a number from 0 to 65535")
		.int("PORT must be a whole number")
		.min(0, "PORT must be a number from 0 to 65535")
		.max(65_535, "PORT must be a number from 0 to 65535")
		.default(3000),
	HOST: z.string().default("127.0.0.1"),
	PUBLIC_URL: z
		.string()
		.refine((url) => isUrl(url, "http:", "https:"), "PUBLIC_URL must be the http or https address that people and agents use")
		.optional(),
	SESSION_COOKIE_NAME: z
		.string()
		.regex(/^[\w-]{1,64}$/, "SESSION_COOKIE_NAME must be 1 to 64 letters, digits, - or _")
		.default("sid"),
	SIGNUP: z.enum(["invitation", "open"], "SIGNUP must be invitation or open").default("invitation"),
	LOG_LEVEL: z.enum(logLevels, `LOG_LEVEL must be one of ${logLevels.join(", ")}`).default("info"),
	FRONTEND_DIR: z.string().default(builtFrontend),
});

export const secretNames = ["DATABASE_URL", "ENCRYPTION_KEY"] as const;

/** An empty value counts as none: `NAME=` is what a commented-out line of a compose file becomes. */
const withSecretsFromFiles = (env: Environment, problems: string[]): Environment => {
	const values = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""));
	for (const name of secretNames) {
		const file = values[`${name}_FILE`];
		if (file === undefined) continue;
		if (values[name] !== undefined) {
			problems.push(`${name} and ${name}_FILE are both set: keep one of them`);
			continue;
		}
		try {
			values[name] = readFileSync(file, "utf8").trim();
		} catch (error) {
			problems.push(`${name}_FILE can't be read (${error instanceof Error ? error.message : file}): check the path and its permissions`);
		}
	}
	return values;
};

/** Reads and checks the environment; throws ConfigError with all problems. */
export const loadConfig = (env: Environment = process.env): Config => {
	const problems: string[] = [];
	const values = withSecretsFromFiles(env, problems);
	const redis = Object.keys(values).filter((name) => name.startsWith("REDIS_"));
	if (redis.length > 0) problems.push(`AgentPlanner needs no Redis: everything is kept in PostgreSQL. Remove ${redis.join(", ")}`);

	const parsed = environmentSchema.safeParse(values);
	if (!parsed.success) {
		const named = parsed.error.issues.filter((issue) => !problems.some((problem) => problem.startsWith(`${String(issue.path[0])}_FILE`)));
		problems.push(...named.map((issue) => issue.message));
	}
	if (!parsed.success || problems.length > 0) throw new ConfigError(problems);

	const settings = parsed.data;
	return Object.freeze({
		databaseUrl: settings.DATABASE_URL,
		encryptionKey: settings.ENCRYPTION_KEY,
		http: Object.freeze({
			port: settings.PORT,
			host: settings.HOST,
			publicUrl: (settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/+$/, ""),
			frontendDir: settings.FRONTEND_DIR,
		}),
		session: Object.freeze({ cookieName: settings.SESSION_COOKIE_NAME }),
		signup: settings.SIGNUP,
		logLevel: settings.LOG_LEVEL,
	});
};
