import { isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { type Environment, readSettings } from "@agentplanner/core";
import { z } from "zod";

export type Config = Readonly<{
	databaseUrl: string;
	encryptionKey: string;
	http: Readonly<{ port: number; host: string; publicUrl: string; frontendDir: string; trustedProxies: string[] }>;
	session: Readonly<{ cookieName: string }>;
	signup: "invitation" | "open";
	logLevel: LogLevel;
}>;

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

const builtFrontend = fileURLToPath(new URL("../../frontend/dist", import.meta.url));

const isKey = (text: string) => /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, "base64").length === 32;
const isUrl = (text: string, ...protocols: string[]) => URL.canParse(text) && protocols.includes(new URL(text).protocol);

/** Whose word for a client's address (X-Forwarded-For) counts, as Express takes it. */
const isPlace = (text: string) =>
	/^(loopback|linklocal|uniquelocal)$/.test(text) || isIP(text) !== 0 || (/\/\d{1,3}$/.test(text) && isNetwork(text));

const isNetwork = (text: string) => {
	const [address = "", bits] = text.split("/");
	const family = isIP(address);
	return family !== 0 && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128);
};

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
	TRUSTED_PROXIES: z
		.string()
		.default("loopback")
		.transform((list) => list.split(",").map((place) => place.trim()))
		.refine(
			(places) => places.every(isPlace),
			"TRUSTED_PROXIES must be loopback, linklocal, uniquelocal, addresses or networks (10.1.0.0/16), with commas between",
		),
	FRONTEND_DIR: z.string().default(builtFrontend),
});

export const secretNames = ["DATABASE_URL", "ENCRYPTION_KEY"] as const;

/** Reads and checks the environment; throws SettingsError with all problems. */
export const loadConfig = (env: Environment = process.env): Config => {
	const settings = readSettings(environmentSchema, secretNames, env);
	return Object.freeze({
		databaseUrl: settings.DATABASE_URL,
		encryptionKey: settings.ENCRYPTION_KEY,
		http: Object.freeze({
			port: settings.PORT,
			host: settings.HOST,
			publicUrl: (settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/+$/, ""),
			frontendDir: settings.FRONTEND_DIR,
			trustedProxies: settings.TRUSTED_PROXIES,
		}),
		session: Object.freeze({ cookieName: settings.SESSION_COOKIE_NAME }),
		signup: settings.SIGNUP,
		logLevel: settings.LOG_LEVEL,
	});
};
