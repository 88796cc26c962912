import { execFile } from "node:child_process";
import { join } from "node:path";
import { root } from "../start/root.ts";

/** Nothing to say means it holds; otherwise the text that says what to mend. */
export type Check = { name: string; run(): Promise<string | null> };

export const inModules = (...path: string[]) => join(root, "node_modules", ...path);

/** Runs a program with this very Node; its output is the problem when it fails. */
export const runNode = (args: string[]): Promise<string | null> =>
	new Promise((resolve) => {
		const options = { cwd: root, maxBuffer: 50_000_000, env: { ...process.env, FORCE_COLOR: "0", TURBO_TELEMETRY_DISABLED: "1" } };
		execFile(process.execPath, args, options, (error, stdout, stderr) => {
			resolve(error ? `${stdout}${stderr}`.trim() || error.message : null);
		});
	});
