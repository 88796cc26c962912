import { readFileSync } from "node:fs";
import { messageOf, StartError } from "./start-error.ts";

export const readSecretFile = (file: string): string => {
	try {
		return readFileSync(file, "utf8").trim();
	} catch (error) {
		throw new StartError(`A secret's file can't be read (${messageOf(error)}). Check the path and its permissions.`);
	}
};

/** The value of `NAME`, or what the file in `NAME_FILE` holds; null when neither is set. */
export const secretSetting = (env: NodeJS.ProcessEnv, name: string): string | null => {
	const file = env[`${name}_FILE`];
	return env[name] || (file ? readSecretFile(file) : null);
};
