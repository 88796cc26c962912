import { isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { commonSettings, type Environment, type LogLevel, publicUrlOf, readSettings } from "@agentplanner/core";
import { z } from "zod";

export type GithubConfig = Readonly<{ clientId: string; clientSecret: string; url: string }>;

export type Config = Readonly<{
	databaseUrl: string;
	encryptionKey: string;
	http: Readonly<{ port: number; host: string; publicUrl: string; frontendDir: string; trustedProxies: string[] }>;
	session: Readonly<{ cookieName: string }>;
	/** Null: the api shows no metrics. */
	metricsToken: string | null;
	signup: "invitation" | "open";
	/** Null: nobody signs in with GitHub. */
	github: GithubConfig | null;
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

const isPlainUrl = (text: string) => {
	if (!URL.canParse(text)) return false;
	const { protocol, pathname, username, password, search, hash } = new URL(text);
	return /^https?:$/.test(protocol) && pathname === "/" && username + password + search + hash === "";
};

const githubIsWhole = ({ GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET }: { GITHUB_CLIENT_ID?: unknown; GITHUB_CLIENT_SECRET?: unknown }) =>
	(GITHUB_CLIENT_ID === undefined) === (GITHUB_CLIENT_SECRET === undefined);

const plainSettings = z.object({
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
	METRICS_TOKEN: z.string().min(16, "METRICS_TOKEN must have at least 16 characters").optional(),
	FRONTEND_DIR: z.string().default(builtFrontend),
	GITHUB_CLIENT_ID: z.string().optional(),
	GITHUB_CLIENT_SECRET: z.string().optional(),
	GITHUB_URL: z
		.string()
		.default("https://github.com")
		.refine(isPlainUrl, "GITHUB_URL must be the address of a GitHub and nothing behind it: https://github.example.org"),
});

/** Settings by their names in the environment; `secretNames` can also be given as a file. */
export const environmentSchema = plainSettings.refine(githubIsWhole, {
	message: "GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET belong together: set both, or neither to go without GitHub",
	// Said beside the other problems, not after them.
	when: () => true,
});

export const secretNames = ["DATABASE_URL", "ENCRYPTION_KEY", "GITHUB_CLIENT_SECRET", "METRICS_TOKEN"] as const;

const githubOf = ({ GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GITHUB_URL }: z.infer<typeof environmentSchema>): GithubConfig | null =>
	GITHUB_CLIENT_ID === undefined || GITHUB_CLIENT_SECRET === undefined
		? null
		: Object.freeze({ clientId: GITHUB_CLIENT_ID, clientSecret: GITHUB_CLIENT_SECRET, url: new URL(GITHUB_URL).origin });

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
		metricsToken: settings.METRICS_TOKEN ?? null,
		signup: settings.SIGNUP,
		github: githubOf(settings),
		logLevel: settings.LOG_LEVEL,
	});
};
