import { appendFileSync, existsSync, renameSync, statSync } from "node:fs";

const maxBytes = 10_000_000;

/** Appends to a file; the one before it is kept as `.1`, so that logs never fill the disk. */
export const openLogFile = (file: string): { write(text: string): void } => {
	let size = existsSync(file) ? statSync(file).size : 0;
	return {
		write: (text) => {
			if (size > maxBytes) {
				renameSync(file, `${file}.1`);
				size = 0;
			}
			appendFileSync(file, text);
			size += Buffer.byteLength(text);
		},
	};
};
