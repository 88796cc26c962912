// The process beside a run, see run-folder.ts: starts the run's PostgreSQL when asked to; once the run is gone it ends what still
// runs in the folder and removes it.
import { once } from "node:events";
import { existsSync, globSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@agentplanner/db/embedded";
import { freePort } from "../start/ports.ts";
import { claimDataFolder } from "../start/running.ts";
import { eventually } from "./eventually.ts";

const [folder = ""] = process.argv.slice(2);
/** A product gives its worker's runs half a minute to end. */
const productMs = 45_000;

const start = async (name: string): Promise<EmbeddedPostgres> =>
	startEmbeddedPostgres({ folder: join(folder, name), port: await freePort(), maxConnections: 400 });

/** Names of the folders that have such a file. */
const having = (file: string): string[] => globSync(`*/${file}`, { cwd: folder }).map((path) => path.slice(0, -file.length - 1));

/** A product ends by itself once whoever started it is gone; claiming its folder ends what a killed one left. */
const endProduct = (name: string) =>
	eventually(
		`the product in ${name} ends`,
		async () => {
			const claimed = await claimDataFolder(join(folder, name), () => {});
			claimed.remove();
			return true;
		},
		productMs,
	);

/** Also one that was just starting, or that a crash left half alive. */
const endPostgres = async (name: string) => (await start(name)).stop();

const report = (error: unknown) => {
	console.error(error);
	process.exitCode = 1;
};

const startPostgres = async () => {
	try {
		const server = await start("postgres");
		const postgresUrl = await server.url("postgres");
		if (process.connected) process.send?.({ postgresUrl });
	} catch (error) {
		report(error);
		if (process.connected) process.disconnect();
	}
};

let starting = Promise.resolve();
process.once("message", () => {
	starting = startPostgres();
});
if (process.connected) await once(process, "disconnect");
await starting;
await Promise.all(having("running.json").map((name) => endProduct(name).catch(report)));
const databases = ["data", "postgres/data"].flatMap((data) => having(`${data}/postmaster.pid`).map((name) => join(name, dirname(data))));
await Promise.all(databases.map((name) => endPostgres(name).catch(report)));
// A browser may still write.
await eventually(`${folder} is removed`, () => {
	rmSync(folder, { recursive: true, force: true });
	return !existsSync(folder);
});
