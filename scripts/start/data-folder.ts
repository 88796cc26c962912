import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, StartError } from "./start-error.ts";

/** Makes the folder and its `logs`, which hold questions and answers; throws with the remedy when that can't be. */
export const prepareDataFolder = (dataDir: string): void => {
	const logs = join(dataDir, "logs");
	try {
		mkdirSync(dataDir, { recursive: true });
		mkdirSync(logs, { recursive: true, mode: 0o700 });
		chmodSync(logs, 0o700);
		accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		throw new StartError(`Cannot write to the data folder ${dataDir} (${messageOf(error)}). Choose another one: npm start -- --data DIR`);
	}
};

/** Readable by this user alone, also when an earlier file of that name was not; whole or, on a full disk, not at all. */
export const writePrivate = (file: string, content: string): void => {
	const next = `${file}.new`;
	try {
		writeFileSync(next, content, { mode: 0o600 });
		chmodSync(next, 0o600);
		renameSync(next, file);
	} catch (error) {
		rmSync(next, { force: true });
		throw error;
	}
};

export const readJson = <T>(file: string): T | null => {
	if (!existsSync(file)) return null;
	try {
		return JSON.parse(readFileSync(file, "utf8")) as T;
	} catch {
		return null;
	}
};
