import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, StartError } from "./start-error.ts";

/** Makes the folder and its `logs`; throws with the remedy when that can't be. */
export const prepareDataFolder = (dataDir: string): void => {
	try {
		mkdirSync(join(dataDir, "logs"), { recursive: true });
		accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		throw new StartError(`Cannot write to the data folder ${dataDir} (${messageOf(error)}). Choose another one: npm start -- --data DIR`);
	}
};

/** Readable by this user alone, also when an earlier file of that name was not. */
export const writePrivate = (file: string, content: string): void => {
	writeFileSync(file, content, { mode: 0o600 });
	chmodSync(file, 0o600);
};

export const readJson = <T>(file: string): T | null => {
	if (!existsSync(file)) return null;
	try {
		return JSON.parse(readFileSync(file, "utf8")) as T;
	} catch {
		return null;
	}
};
