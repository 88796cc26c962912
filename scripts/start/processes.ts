import { readFileSync } from "node:fs";

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

/** Tells two processes apart that had the same id one after the other; empty where the system doesn't say. */
export const birthOf = (pid: number): string => statOf(pid)?.[19] ?? "";

export type ProcessMark = { pid: number; birth: string };

export const markOf = (pid: number): ProcessMark => ({ pid, birth: birthOf(pid) });

/** Whether exactly that process still runs. */
export const stillRuns = ({ pid, birth }: ProcessMark): boolean => isAlive(pid) && birthOf(pid) === birth;
