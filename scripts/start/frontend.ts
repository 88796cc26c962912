import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { root } from "./root.ts";
import { StartError } from "./start-error.ts";

const built = join(root, "frontend", "dist", "index.html");
const sources = [
	"frontend/src",
	"frontend/public",
	"frontend/index.html",
	"frontend/vite.config.ts",
	"frontend/package.json",
	"contracts/src",
];

const newest = (path: string): number => {
	if (!existsSync(path)) return 0;
	const stat = statSync(path);
	if (!stat.isDirectory()) return stat.mtimeMs;
	return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
};

export const isFrontendStale = (): boolean =>
	!existsSync(built) || sources.some((source) => newest(join(root, source)) > statSync(built).mtimeMs);

/** Builds the pages that the api serves; about as long as it takes to read this. */
export const buildFrontend = async (): Promise<void> => {
	const vite = join(root, "node_modules", "vite", "bin", "vite.js");
	const options = { cwd: join(root, "frontend"), maxBuffer: 10_000_000, env: { ...process.env, NO_COLOR: "1" } };
	await promisify(execFile)(process.execPath, [vite, "build"], options).catch((error: { stdout?: string; stderr?: string }) => {
		const text = stripVTControlCharacters(error.stderr || error.stdout || String(error));
		const lines = text
			.split("\n")
			.filter((line) => line.trim() !== "" && !/^\s+at /.test(line))
			.slice(0, 12)
			.join("\n");
		throw new StartError(`The pages could not be built:\n${lines}\nRun "npm run build" to see everything.`);
	});
};
