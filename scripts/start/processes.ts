import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const statOf = (pid: number): string[] | null => {
	try {
		// After the command's closing bracket: state, parent, …; the 20th field is the start time.
		return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? null;
	} catch {
		return null;
	}
};

/** Whether a process has that id; one that is dead but not yet reaped counts as gone. */
export const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
	}
	return statOf(pid)?.[0] !== "Z";
};

const startTime = (pid: number): string => {
	const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
	return stdout?.trim() ?? "";
};

/** Tells two processes apart that had the same id one after the other; empty where the system doesn't say. */
export const birthOf = (pid: number): string => (existsSync("/proc/self/stat") ? (statOf(pid)?.[19] ?? "") : startTime(pid));

/** A process, told apart from a later one with the same id. */
export type ProcessMark = { pid: number; birth: string };

export const markOf = (pid: number): ProcessMark => ({ pid, birth: birthOf(pid) });

/** Whether exactly that process still runs. */
export const stillRuns = ({ pid, birth }: ProcessMark): boolean => isAlive(pid) && birthOf(pid) === birth;
