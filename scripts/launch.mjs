// The first file that `npm start` runs: plain JavaScript without dependencies, since nothing may be installed yet and the
// machine's own Node may be too old for TypeScript. It installs what is missing or has changed and hands over to Node 24.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = 24;
const onWindows = process.platform === "win32";

const fail = (message) => {
	process.stderr.write(`${message}\n`);
	process.exit(1);
};

const packagesIn = (file) => {
	try {
		return JSON.parse(readFileSync(join(root, file), "utf8")).packages ?? {};
	} catch {
		return {};
	}
};

/** Whether what is installed is what the lock file says; packages for other platforms may be missing. */
const isInstalled = () => {
	const installed = packagesIn("node_modules/.package-lock.json");
	if (Object.keys(installed).length === 0) return false;
	return Object.entries(packagesIn("package-lock.json")).every(([path, { version, optional, devOptional }]) => {
		if (!path.startsWith("node_modules/")) return true;
		const found = installed[path];
		return found ? found.version === version : Boolean(optional || devOptional);
	});
};

const installIfNeeded = () => {
	if (isInstalled()) return;
	process.stdout.write("Installing the dependencies (once for every change of them, about half a minute)…\n");
	const { status } = spawnSync("npm", ["ci", "--loglevel=error"], { cwd: root, stdio: "inherit", shell: onWindows });
	if (status !== 0) fail('The installation failed. Read the lines above, then run "npm ci" and "npm start" again.');
};

const majorOf = (node) => {
	const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
	return status === 0 ? Number(/^v(\d+)\./.exec(stdout)?.[1]) : 0;
};

/** The Node that comes with the dependencies, else the machine's own if it is new enough. */
const findNode = () => {
	const installed = join(root, "node_modules", ...(onWindows ? ["node", "bin", "node.exe"] : [".bin", "node"]));
	if (existsSync(installed) && majorOf(installed) >= needed) return installed;
	if (Number(process.versions.node.split(".")[0]) >= needed) return process.execPath;
	return fail(
		`AgentPlanner needs Node ${needed} (this is ${process.version}), and the one that comes with its dependencies is missing. Run "npm ci" without --ignore-scripts, or install Node ${needed}.`,
	);
};

installIfNeeded();
// What the environment itself says goes before the file; api and worker inherit both.
const file = join(root, ".env");
const settings = existsSync(file) ? [`--env-file=${file}`] : [];
const child = spawn(findNode(), [...settings, join(root, "scripts", "start.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
child.on("error", (error) => fail(`Could not start Node: ${error.message}`));
// Ctrl-C reaches the child by itself, since it is in the terminal's process group, but "kill -INT" reaches us alone. A SIGTERM
// beside the SIGINT changes nothing for a child that stops already. Windows knows Ctrl-C only, and would end the child at once.
process.on("SIGINT", () => onWindows || child.kill("SIGTERM"));
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
	process.exitCode = code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 0);
});
