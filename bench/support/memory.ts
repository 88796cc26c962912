import { readFileSync } from "node:fs";

/** Resident memory of a process in MiB, as the kernel counts it. */
export const residentMiB = (pid: number): number => {
	const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
	if (kilobytes === undefined) throw new Error(`The memory of process ${pid} can't be read; this needs Linux.`);
	return Number(kilobytes) / 1024;
};
