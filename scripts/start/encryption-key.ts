import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writePrivate } from "./data-folder.ts";
import { readSecretFile, secretSetting } from "./secret-setting.ts";
import { StartError } from "./start-error.ts";

/** From the environment, else the one kept in the data folder, made at the first start. */
export const readEncryptionKey = (dataDir: string, env: NodeJS.ProcessEnv): string => {
	const kept = join(dataDir, "encryption-key");
	const given = secretSetting(env, "ENCRYPTION_KEY");
	if (given === null && !existsSync(kept)) writePrivate(kept, `${randomBytes(32).toString("base64")}\n`);
	const key = given ?? readSecretFile(kept);
	if (!/^[A-Za-z0-9+/]{43}=$/.test(key))
		throw new StartError(
			`${given === null ? `The encryption key in ${kept}` : "ENCRYPTION_KEY"} must be 32 bytes as base64. Make one with: openssl rand -base64 32`,
		);
	return key;
};
