import { readFileSync } from "node:fs";
import { z } from "zod";

/** Every problem with the settings at once, each with its remedy. */
export class SettingsError extends Error {
	override name = "SettingsError";
	readonly problems: readonly string[];
	constructor(problems: string[]) {
		super(`The settings can't be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
		this.problems = problems;
	}
}

export type Environment = Record<string, string | undefined>;

/** An empty value counts as none: `NAME=` is what a commented-out line of a compose file becomes. */
const readValues = (env: Environment, secretNames: readonly string[], problems: string[]): Record<string, string> => {
	const values: Record<string, string> = {};
	for (const [name, value] of Object.entries(env)) if (value !== undefined && value.trim() !== "") values[name] = value;
	for (const name of secretNames) {
		const file = values[`${name}_FILE`];
		if (file === undefined) continue;
		if (values[name] !== undefined) {
			problems.push(`${name} and ${name}_FILE are both set: keep one of them`);
			continue;
		}
		try {
			const value = readFileSync(file, "utf8").trim();
			if (value === "") problems.push(`${name}_FILE is empty (${file}): write the value into it`);
			else values[name] = value;
		} catch (error) {
			problems.push(`${name}_FILE can't be read (${error instanceof Error ? error.message : file}): check the path and its permissions`);
		}
	}
	return values;
};

/**
 * Reads a process's settings from its environment; a secret can also be given as the path of a file in `NAME_FILE`.
 * Throws SettingsError with all problems at once.
 */
export const readSettings = <Schema extends z.ZodType>(
	schema: Schema,
	secretNames: readonly string[],
	env: Environment,
): z.infer<Schema> => {
	const problems: string[] = [];
	const values = readValues(env, secretNames, problems);
	const redis = Object.keys(values).filter((name) => name.startsWith("REDIS_"));
	if (redis.length > 0) problems.push(`AgentPlanner needs no Redis: everything is kept in PostgreSQL. Remove ${redis.join(", ")}`);
	const parsed = schema.safeParse(values);
	if (parsed.success && problems.length === 0) return parsed.data;
	const known = (name: string) => problems.some((problem) => problem.startsWith(`${name}_FILE`));
	for (const issue of parsed.error?.issues ?? []) if (!known(String(issue.path[0]))) problems.push(issue.message);
	throw new SettingsError(problems);
};

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

const isKey = (text: string) => /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, "base64").length === 32;
const isUrl = (text: string, ...protocols: string[]) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
const isPlain = (text: string) => {
	const { username, password, search, hash } = new URL(text);
	return username + password + search + hash === "" && !/[?#]$/.test(text);
};

/** A port; 0 takes a free one. */
export const portSetting = (name: string, fallback: number) =>
	z.coerce
		.number(`${name} must be a number from 0 to 65535`)
		.int(`${name} must be a whole number`)
		.min(0, `${name} must be a number from 0 to 65535`)
		.max(65_535, `${name} must be a number from 0 to 65535`)
		.default(fallback);

/** The settings that api and worker have in common, by their names in the environment. */
export const commonSettings = {
	DATABASE_URL: z
		.string("DATABASE_URL is missing: set it to a PostgreSQL address (postgres://user:password@host:5432/name), or use npm start")
		.refine(
			(url) => isUrl(url, "postgres:", "postgresql:"),
			"DATABASE_URL must look like postgres://user:password@host:5432/name; or use npm start",
		),
	ENCRYPTION_KEY: z
		.string(
			"ENCRYPTION_KEY is missing: make one with openssl rand -base64 32, the same for api and worker, and keep it; without it stored credentials can't be read",
		)
		.refine(isKey, "ENCRYPTION_KEY must be 32 bytes as base64, the same for api and worker: make one with openssl rand -base64 32"),
	PORT: portSetting("PORT", 3000),
	PUBLIC_URL: z
		.string()
		.refine((url) => isUrl(url, "http:", "https:"), {
			message: "PUBLIC_URL must be the http or https address that people and agents use",
			abort: true,
		})
		.refine(isPlain, "PUBLIC_URL must hold no user, password, query or fragment: it is shown to people and agents")
		.optional(),
	LOG_LEVEL: z.enum(logLevels, `LOG_LEVEL must be one of ${logLevels.join(", ")}`).default("info"),
};

/** Where people and agents reach the api, without a slash at its end. */
export const publicUrlOf = ({ PUBLIC_URL, PORT }: { PUBLIC_URL?: string | undefined; PORT: number }): string =>
	(PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/+$/, "");
