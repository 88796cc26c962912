import { type Environment, readSettings } from "@agentplanner/core";
import { z } from "zod";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const isUrl = (text: string, ...protocols: string[]) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
const isKey = (text: string) => /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, "base64").length === 32;
const port = (name: string, fallback: number) =>
	z.coerce
		.number(`${name} must be a number`)
		.int(`${name} must be a whole number`)
		.min(0, `${name} must be 0 or more`)
		.max(65_535, `${name} must be at most 65535`)
		.default(fallback);

/** Settings by their names in the environment. */
export const environmentSchema = z.object({
	DATABASE_URL: z
		.string("DATABASE_URL is missing: set it to a PostgreSQL address (postgres://user:password@host:5432/name), or use npm start")
		.refine(
			(url) => isUrl(url, "postgres:", "postgresql:"),
			"DATABASE_URL must look like postgres://user:password@host:5432/name; or use npm start",
		),
	ENCRYPTION_KEY: z
		.string("ENCRYPTION_KEY is missing: it must be the api's; make one with openssl rand -base64 32")
		.refine(isKey, "ENCRYPTION_KEY must be 32 bytes as base64, the same as the api's"),
	PORT: port("PORT", 3000),
	PUBLIC_URL: z
		.string()
		.refine((url) => isUrl(url, "http:", "https:"), "PUBLIC_URL must be the http or https address that people and agents use")
		.optional(),
	ENGINE: z.enum(["hatchet", "postgres"], "ENGINE must be hatchet or postgres").optional(),
	HATCHET_CLIENT_TOKEN: z.string().optional(),
	HATCHET_CLIENT_HOST_PORT: z.string().optional(),
	HATCHET_CLIENT_API_URL: z.string().optional(),
	HATCHET_CLIENT_TLS_STRATEGY: z.enum(["none", "tls", "mtls"], "HATCHET_CLIENT_TLS_STRATEGY must be none, tls or mtls").optional(),
	HATCHET_CLIENT_EMBEDDED_BINARY_PATH: z.string().optional(),
	WORKER_CONCURRENCY: z.coerce
		.number("WORKER_CONCURRENCY must be a number")
		.int()
		.min(1, "WORKER_CONCURRENCY must be 1 or more")
		.max(250, "WORKER_CONCURRENCY must be at most 250")
		.default(20),
	WORKER_HEALTH_PORT: port("WORKER_HEALTH_PORT", 3001),
	LOG_LEVEL: z.enum(logLevels, `LOG_LEVEL must be one of ${logLevels.join(", ")}`).default("info"),
});

export const secretNames = ["DATABASE_URL", "ENCRYPTION_KEY", "HATCHET_CLIENT_TOKEN"] as const;

export type Config = ReturnType<typeof loadConfig>;

/** Reads and checks the environment; throws SettingsError with all problems. */
export const loadConfig = (env: Environment = process.env) => {
	const settings = readSettings(environmentSchema, secretNames, env);
	return Object.freeze({
		databaseUrl: settings.DATABASE_URL,
		encryptionKey: settings.ENCRYPTION_KEY,
		publicUrl: (settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/+$/, ""),
		engine: Object.freeze({
			kind: settings.ENGINE,
			concurrency: settings.WORKER_CONCURRENCY,
			hatchet: Object.freeze({
				token: settings.HATCHET_CLIENT_TOKEN,
				hostPort: settings.HATCHET_CLIENT_HOST_PORT,
				apiUrl: settings.HATCHET_CLIENT_API_URL,
				tls: settings.HATCHET_CLIENT_TLS_STRATEGY,
				embeddedBinaryPath: settings.HATCHET_CLIENT_EMBEDDED_BINARY_PATH,
			}),
		}),
		healthPort: settings.WORKER_HEALTH_PORT,
		logLevel: settings.LOG_LEVEL,
	});
};
