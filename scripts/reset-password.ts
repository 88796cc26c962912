// Gives an account a new password, for somebody who forgot theirs: npm run reset-password -- me@example.org
// The database is DATABASE_URL (or DATABASE_URL_FILE), else the one of `npm start`, which must run.
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { adapterLabel } from "@agentplanner/adapters";
import { createKeys, DomainError, openDatabase, resetPassword } from "@agentplanner/core";
import { readJson, writePrivate } from "./start/data-folder.ts";
import type { DemoLogin } from "./start/demo.ts";
import { root } from "./start/root.ts";
import type { Running } from "./start/running.ts";
import { secretSetting } from "./start/secret-setting.ts";
import { messageOf, StartError } from "./start/start-error.ts";

const { env } = process;

const dataDir = env.DATA_DIR ? resolve(env.INIT_CWD ?? process.cwd(), env.DATA_DIR) : join(root, ".data");

const databaseUrl = (): string => {
	const url = secretSetting(env, "DATABASE_URL") ?? readJson<Running>(join(dataDir, "running.json"))?.databaseUrl;
	if (!url)
		throw new StartError(
			`No database: nothing runs on ${dataDir}. Run "npm start" in another terminal first, or name its folder in DATA_DIR or the database in DATABASE_URL.`,
		);
	return url;
};

/** `npm start` prints the demo's login, which must stay the real one. */
const keepDemoLogin = (email: string, password: string) => {
	const file = join(dataDir, "demo-login.json");
	const login = secretSetting(env, "DATABASE_URL") ? null : readJson<DemoLogin>(file);
	if (login?.email.toLowerCase() === email.toLowerCase()) writePrivate(file, `${JSON.stringify({ ...login, password }, null, "\t")}\n`);
};

const reset = async (email: string): Promise<string> => {
	const db = openDatabase({ url: databaseUrl(), name: "agentplanner-reset-password", poolSize: 1, onError: () => {} });
	try {
		// Nothing here is sealed or signed, so any key will do.
		const keys = createKeys(randomBytes(32).toString("base64"));
		const actor = { type: "system" as const, name: "reset-password" };
		const ctx = { db: db.orm, actor, requestId: null, traceId: null, now: () => new Date(), keys, adapterLabel };
		return await resetPassword(ctx, email);
	} finally {
		await db.close();
	}
};

const [email, ...more] = process.argv.slice(2);
try {
	if (!email || more.length > 0) throw new StartError("Say whose: npm run reset-password -- me@example.org");
	const password = await reset(email);
	console.log(`The new password of ${email}, shown this once: ${password}\nAll sessions of the account have ended.`);
	keepDemoLogin(email, password);
} catch (error) {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const plain = error instanceof StartError || error instanceof DomainError;
	console.error(plain ? error.message : `The password was not changed: ${messageOf(cause)}`);
	process.exitCode = 1;
}
