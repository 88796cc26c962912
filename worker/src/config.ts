import { commonSettings, type Environment, portSetting, publicUrlOf, readSettings } from "@agentplanner/core";
import { z } from "zod";

/** Settings by their names in the environment. */
export const environmentSchema = z.object({
	...commonSettings,
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
	WORKER_HEALTH_PORT: portSetting("WORKER_HEALTH_PORT", 3001),
});

export const secretNames = ["DATABASE_URL", "ENCRYPTION_KEY", "HATCHET_CLIENT_TOKEN"] as const;

export type Config = ReturnType<typeof loadConfig>;

/** Reads and checks the environment; throws SettingsError with all problems. */
export const loadConfig = (env: Environment = process.env) => {
	const settings = readSettings(environmentSchema, secretNames, env);
	return Object.freeze({
		databaseUrl: settings.DATABASE_URL,
		encryptionKey: settings.ENCRYPTION_KEY,
		publicUrl: publicUrlOf(settings),
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
