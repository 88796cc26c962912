import { readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const tickMs = 10;

/** Memory in MiB as the kernel counts it: all that is resident, and of that what is of files, which processes of one program share. */
export type Memory = { resident: number; ofFiles: number };

export const readMemory = (pid: number): Memory => {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	const mebibytes = (name: string): number => {
		const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
		if (kilobytes === undefined) throw new Error(`The memory of process ${pid} can't be read; this needs Linux.`);
		return Number(kilobytes) / 1024;
	};
	return { resident: mebibytes("VmRSS"), ofFiles: mebibytes("RssFile") };
};

/** Processor time that these processes have used so far. */
export const processorMs = (pids: number[]): number =>
	pids.reduce((sum, pid) => {
		// After the command's closing bracket the first field is the third; user and system time are the 14th and 15th.
		const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
		return sum + (Number(fields[11]) + Number(fields[12])) * tickMs;
	}, 0);
