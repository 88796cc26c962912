import { isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { commonSettings, type Environment, type LogLevel, publicUrlOf, readSettings } from "@agentplanner/core";
import { z } from "zod";

export type Config = Readonly<{
	databaseUrl: string;
	encryptionKey: string;
	http: Readonly<{ port: number; host: string; publicUrl: string; frontendDir: string; trustedProxies: string[] }>;
	session: Readonly<{ cookieName: string }>;
	signup: "invitation" | "open";
	logLevel: LogLevel;
}>;

const builtFrontend = fileURLToPath(new URL("../../frontend/dist", import.meta.url));

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
	...commonSettings,
	HOST: z.string().default("127.0.0.1"),
	SESSION_COOKIE_NAME: z
		.string()
		.regex(/^[\w-]{1,64}$/, "SESSION_COOKIE_NAME must be 1 to 64 letters, digits, - or _")
		.default("sid"),
	SIGNUP: z.enum(["invitation", "open"], "SIGNUP must be invitation or open").default("invitation"),
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
			publicUrl: publicUrlOf(settings),
			frontendDir: settings.FRONTEND_DIR,
			trustedProxies: settings.TRUSTED_PROXIES,
		}),
		session: Object.freeze({ cookieName: settings.SESSION_COOKIE_NAME }),
		signup: settings.SIGNUP,
		logLevel: settings.LOG_LEVEL,
	});
};
