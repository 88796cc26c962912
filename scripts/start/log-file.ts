import { appendFileSync, chmodSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

const maxBytes = 10_000_000;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Appends to a file that this user alone may read; the one before it is kept as `.1`, so that logs never fill the disk. Never
 * throws: a folder that was removed is made again, and what can't be written, as on a full disk, is dropped.
 */
export const openLogFile = (file: string): { write(text: string): void } => {
	let size = 0;
	try {
		size = sizeOf(file);
		if (size > 0) chmodSync(file, 0o600);
	} catch {}
	const append = (text: string) => appendFileSync(file, text, { mode: 0o600 });
	const startAnew = (text: string) => {
		mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
		size = sizeOf(file);
		append(text);
	};
	return {
		write: (text) => {
			try {
				if (size > maxBytes) {
					size = 0;
					renameSync(file, `${file}.1`);
				}
				append(text);
			} catch {
				try {
					startAnew(text);
				} catch {
					return;
				}
			}
			size += Buffer.byteLength(text);
		},
	};
};
