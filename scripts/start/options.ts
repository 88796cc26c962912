import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./root.ts";
import { messageOf, StartError } from "./start-error.ts";

export const engines = ["hatchet", "postgres"] as const;
export type EngineName = (typeof engines)[number];

export type Options = {
	help: boolean;
	engine: EngineName;
	port: number;
	host: string;
	dataDir: string;
	demo: boolean;
	worker: boolean;
};

export const usage = `Usage: npm start -- [options]

  --engine postgres|hatchet  what runs the workflows (default: hatchet when HATCHET_CLIENT_TOKEN is set, else postgres)
  --port N                   where the product is served (default: PORT, else 3000)
  --data DIR                 where everything is kept (default: DATA_DIR, else .data)
  --no-demo                  no demo account, plan and echo agent; the first account you make owns the installation
  --no-worker                api and database alone; run workers elsewhere
  --help                     this text

Environment: DATABASE_URL uses your own PostgreSQL 18 instead of the embedded one; the rest is in .env.example.`;

const parse = (args: string[]) => {
	try {
		return parseArgs({
			args,
			strict: true,
			allowPositionals: false,
			options: {
				engine: { type: "string" },
				port: { type: "string" },
				data: { type: "string" },
				"no-demo": { type: "boolean", default: false },
				"no-worker": { type: "boolean", default: false },
				help: { type: "boolean", default: false, short: "h" },
			},
		}).values;
	} catch (error) {
		throw new StartError(`${messageOf(error).split(". ")[0]}. "npm start -- --help" lists the options.`);
	}
};

const isEngine = (name: string): name is EngineName => (engines as readonly string[]).includes(name);

export const readOptions = (args: string[], env: NodeJS.ProcessEnv): Options => {
	const values = parse(args);
	const engine = values.engine ?? (env.ENGINE || (env.HATCHET_CLIENT_TOKEN || env.HATCHET_CLIENT_TOKEN_FILE ? "hatchet" : "postgres"));
	if (!isEngine(engine))
		throw new StartError(`The engine "${engine}" does not exist: ${values.engine ? "--engine" : "ENGINE"} is hatchet or postgres.`);
	const portText = values.port ?? (env.PORT || "3000");
	const port = Number(portText);
	if (!/^\d+$/.test(portText) || port < 1 || port > 65_535)
		throw new StartError(`${values.port === undefined ? "PORT" : "--port"} must be a number from 1 to 65535, not "${portText}".`);
	if (values.data === "") throw new StartError("--data needs the name of a folder.");
	return {
		help: values.help,
		engine,
		port,
		host: env.HOST || "127.0.0.1",
		// What a person types is meant from where they are; npm moves to the checkout and keeps the origin in INIT_CWD.
		dataDir: values.data
			? resolve(env.INIT_CWD ?? process.cwd(), values.data)
			: env.DATA_DIR
				? resolve(env.INIT_CWD ?? process.cwd(), env.DATA_DIR)
				: resolve(root, ".data"),
		demo: !values["no-demo"],
		worker: !values["no-worker"],
	};
};
