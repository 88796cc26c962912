import { fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const keeping = fileURLToPath(new URL("./keep-run-folder.ts", import.meta.url));

export type RunFolder = {
	path: string;
	/** Starts a PostgreSQL in the folder, once; resolves with its address. */
	startPostgres(): Promise<string>;
	/** Resolves once nothing is left; throws when something could not be ended. */
	[Symbol.asyncDispose](): Promise<void>;
};

/**
 * Makes the temporary folder of this process and all that it starts: `tmpdir()` is in it from now on. However this process ends,
 * also by `kill -9`, another one beside it then stops the databases and products in the folder and removes it.
 */
export const openRunFolder = (): RunFolder => {
	const path = mkdtempSync(join(tmpdir(), "agentplanner-run-"));
	// Where we are root, PostgreSQL is another user, who has to get in.
	chmodSync(path, 0o755);
	// In a session of its own: what is sent to our whole group, such as Ctrl-C, doesn't reach it.
	const keeper = fork(keeping, [path], { detached: true, execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
	const ended = once(keeper, "exit");
	process.env.TMPDIR = path;
	return {
		path,
		startPostgres: async () => {
			const answer = once(keeper, "message");
			keeper.send("start PostgreSQL");
			const started = await Promise.race([answer, ended.then(() => null)]);
			if (!started) throw new Error("The run's PostgreSQL did not start: see above.");
			return (started[0] as { postgresUrl: string }).postgresUrl;
		},
		[Symbol.asyncDispose]: async () => {
			if (keeper.connected) keeper.disconnect();
			const [code] = await ended;
			if (code !== 0) throw new Error(`Not all that ran in ${path} could be ended: see above.`);
		},
	};
};
