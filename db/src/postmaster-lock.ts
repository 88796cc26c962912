import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const attempt = <T>(look: () => T): T | null => {
	try {
		return look();
	} catch {
		return null;
	}
};

const isThere = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
	}
	// A dead one that nobody reaps keeps its pid.
	return attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0]) !== "Z";
};

/** The command with its arguments; null where the system doesn't say. */
const commandOf = (pid: number): string | null =>
	attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")) ??
	attempt(() => execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" }));

/** Whether that process works in that folder, as a postmaster does in its data; null where we may not look. */
const worksIn = (pid: number, folder: string): boolean | null =>
	attempt(() => {
		const [its, ours] = [statSync(`/proc/${pid}/cwd`), statSync(folder)];
		return its.dev === ours.dev && its.ino === ours.ino;
	});

/** Whether the process is the PostgreSQL of that folder; in doubt it is, since two on one folder would destroy it. */
const isPostmasterOf = (pid: number, dataDir: string, recordedDir: string): boolean => {
	if (!isThere(pid)) return false;
	const command = commandOf(pid);
	if (command === null) return true;
	if (!/postgres/.test(command)) return false;
	return worksIn(pid, dataDir) ?? command.includes(recordedDir);
};

/**
 * Removes a `postmaster.pid` whose server is no more. PostgreSQL itself, and `pg_ctl status`, take any process with that pid for
 * the server, which after a reboot may be anything: nothing would ever start again.
 */
export const removeStaleLock = (dataDir: string): void => {
	const lock = join(dataDir, "postmaster.pid");
	if (!existsSync(lock)) return;
	const [pid = "", recordedDir = dataDir] = readFileSync(lock, "utf8").split("\n");
	if (!isPostmasterOf(Number(pid), dataDir, recordedDir)) rmSync(lock, { force: true });
};
