import { readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const tickMs = 10;

/** Resident memory of a process in MiB, as the kernel counts it. */
export const residentMiB = (pid: number): number => {
	const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
	if (kilobytes === undefined) throw new Error(`The memory of process ${pid} can't be read; this needs Linux.`);
	return Number(kilobytes) / 1024;
};

/** Processor time that these processes have used so far. */
export const processorMs = (pids: number[]): number =>
	pids.reduce((sum, pid) => {
		// After the command's closing bracket the first field is the third; user and system time are the 14th and 15th.
		const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
		return sum + (Number(fields[11]) + Number(fields[12])) * tickMs;
	}, 0);
