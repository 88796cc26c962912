import { readFileSync } from "node:fs";

/** Resident memory of a process, in MiB. */
export const residentMiB = (pid: number): number =>
	Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
