// Writes the table of variables into docs/self-hosting.md, from what the api and the worker read: node scripts/self-hosting-variables.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { environmentSchema as apiEnvironment, secretNames as apiSecrets } from "../api/src/config.ts";
import { environmentSchema as workerEnvironment, secretNames as workerSecrets } from "../worker/src/config.ts";
import { root } from "./start/root.ts";
import { withWrittenPart } from "./written-part.ts";

type Shape = Record<string, { safeParse(value: unknown): { success: boolean; data?: unknown } }>;

export const guideFile = join(root, "docs", "self-hosting.md");
const beginMark = "<!-- variables: written by scripts/self-hosting-variables.ts -->";
const endMark = "<!-- end of variables -->";

/** What each is for, in the order of the table. */
export const meanings: Record<string, string> = {
	DATABASE_URL:
		"PostgreSQL 18 or newer, `postgres://user:password@host:5432/name`. Directly, not behind a pooler in transaction mode (PgBouncer), which has no LISTEN, session locks or lasting prepared statements",
	ENCRYPTION_KEY: "32 bytes as base64; seals stored credentials. Api and worker need the same one",
	PUBLIC_URL: "The address by which people and agents reach the product",
	HOST: "Where the api listens",
	PORT: "Where the api listens; the worker reads it for the default of `PUBLIC_URL`",
	SIGNUP:
		"Who may make an account after the first one: `invitation` or `open`. With `open` nobody proves that an address is theirs: invite people, don't add an account by its address alone",
	TRUSTED_PROXIES: "Whose `X-Forwarded-For` counts: `loopback`, `linklocal`, `uniquelocal`, addresses or networks, with commas between",
	SESSION_COOKIE_NAME: "Name of the session cookie",
	GITHUB_CLIENT_ID: "Of an OAuth app at GitHub, to sign in with GitHub; with `GITHUB_CLIENT_SECRET` or not at all",
	GITHUB_CLIENT_SECRET: "Its secret",
	GITHUB_URL: "The address of a GitHub Enterprise Server, where it isn't github.com",
	METRICS_TOKEN: "With it the api has `/metrics` for Prometheus, which shows it as a Bearer token; at least 16 characters",
	FRONTEND_DIR: "Folder with the built pages, where the api serves them",
	ENGINE: "What runs the workflows: `hatchet` or `postgres`",
	HATCHET_CLIENT_TOKEN: "A token of a Hatchet server; `ENGINE=hatchet` without one starts the embedded Hatchet",
	HATCHET_CLIENT_HOST_PORT: "Hatchet's gRPC address, where the one in the token is not the right one",
	HATCHET_CLIENT_API_URL: "Hatchet's HTTP address, where the one in the token is not the right one",
	HATCHET_CLIENT_TLS_STRATEGY: "`none`, `tls` or `mtls`",
	HATCHET_CLIENT_EMBEDDED_BINARY_PATH: "The embedded Hatchet's program, where it is not to be downloaded",
	WORKER_CONCURRENCY: "How many runs one worker has at a time, 1 to 250",
	WORKER_HEALTH_PORT: "The worker's own `/health`, `/ready` and `/metrics`, on loopback; 0 turns them off",
	LOG_LEVEL: "`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`",
};

/** Defaults that another setting or the checkout decides, which no schema can say. */
const computed: Record<string, string> = {
	PUBLIC_URL: "`http://localhost:PORT`",
	FRONTEND_DIR: "`frontend/dist`",
	ENGINE: "`hatchet` with a token, else `postgres`",
};

const readers = [
	{ name: "api", shape: apiEnvironment.shape as Shape, secrets: apiSecrets as readonly string[] },
	{ name: "worker", shape: workerEnvironment.shape as Shape, secrets: workerSecrets as readonly string[] },
];

export const variableNames = [...new Set(readers.flatMap(({ shape }) => Object.keys(shape)))];

const defaultOf = (variable: string): string => {
	if (computed[variable]) return computed[variable];
	const parsed = readers.flatMap(({ shape }) => shape[variable]?.safeParse(undefined) ?? []);
	if (parsed.some(({ success }) => !success)) return "**required**";
	const values = new Set(parsed.map(({ data }) => data));
	if (values.size > 1) throw new Error(`${variable} has different defaults in api and worker.`);
	const [value] = values;
	return value === undefined ? "–" : `\`${value}\``;
};

/** What docker-compose.yml does with it: hands on what `.env` says, sets it itself, or leaves it alone. */
const inCompose = (variable: string, compose: { services: Record<string, { environment?: Record<string, string> }> }): string => {
	const given = readers.map(({ name }) => compose.services[name]?.environment ?? {});
	if (given.some((environment) => `${variable}_FILE` in environment)) return "made at the first start";
	const values = given.flatMap((environment) => environment[variable] ?? []);
	if (values.length === 0) return "–";
	return values.some((value) => value.startsWith("${")) ? "yours to set" : `\`${values[0]}\``;
};

const variablesTable = (): string => {
	const compose = parse(readFileSync(join(root, "docker-compose.yml"), "utf8"), { merge: true });
	const rows = Object.entries(meanings).map(([variable, meaning]) => {
		const by = readers.filter(({ shape }) => variable in shape).map(({ name }) => name);
		const secret = readers.some(({ secrets }) => secrets.includes(variable)) ? ` (or \`${variable}_FILE\`)` : "";
		return `| \`${variable}\`${secret} | ${by.join(", ")} | ${defaultOf(variable)} | ${inCompose(variable, compose)} | ${meaning} |`;
	});
	return ["| variable | read by | default | with compose | is |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
};

export const withTable = (guide: string): string => withWrittenPart(guide, "docs/self-hosting.md", beginMark, endMark, variablesTable());

if (import.meta.main) writeFileSync(guideFile, withTable(readFileSync(guideFile, "utf8")));
