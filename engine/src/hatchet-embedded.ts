import { access, constants } from "node:fs/promises";
import { isDatabaseUnavailable, openDatabase, postgresError } from "@agentplanner/db";
import { startEmbeddedSidecar } from "@hatchet-dev/typescript-sdk/v1/embedded.js";
import { EngineUnavailableError } from "./engine.ts";
import type { RunLog } from "./workflow.ts";

/** Release of hatchet-dev/hatchet-embedded; its number is that of the Hatchet inside, which has to fit the SDK's. */
export const embeddedVersion = "v0.104.7";

export type EmbeddedHatchetOptions = {
	/** Hatchet's own database, best named `hatchet` on the product's server; made if it is missing. */
	databaseUrl: string;
	grpcPort?: number;
	apiPort?: number;
	/** A sidecar on this machine; without it the official release is downloaded once. */
	binaryPath?: string;
	/** Expected SHA-256 of the sidecar; without it the release's own list is trusted. */
	checksum?: string;
	log: RunLog;
};

export type EmbeddedHatchet = {
	token: string;
	hostPort: string;
	/** REST API and dashboard. */
	apiUrl: string;
	stop(): Promise<void>;
};

const onServer = async <T>(url: string, work: (pool: ReturnType<typeof openDatabase>["pool"]) => Promise<T>): Promise<T> => {
	const db = openDatabase({ url, name: "agentplanner-hatchet-setup", poolSize: 1, onError: () => {} });
	try {
		return await work(db.pool);
	} finally {
		await db.close();
	}
};

const ensureDatabase = async (databaseUrl: string): Promise<void> => {
	try {
		await onServer(databaseUrl, (pool) => pool.query("select 1"));
	} catch (error) {
		// 3D000: there is no such database
		if (postgresError(error)?.code !== "3D000") throw error;
		const server = new URL(databaseUrl);
		const name = decodeURIComponent(server.pathname.slice(1));
		server.pathname = "/postgres";
		await onServer(server.href, (pool) => pool.query(`create database "${name.replaceAll('"', '""')}"`));
	}
};

const remedy =
	"Set HATCHET_CLIENT_TOKEN to use a Hatchet that runs elsewhere, HATCHET_CLIENT_EMBEDDED_BINARY_PATH to a hatchet-embedded sidecar on this machine, or ENGINE=postgres.";

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const databaseAway = (error: unknown) =>
	new EngineUnavailableError(
		`Embedded Hatchet can't reach its database: ${reasonOf(error)}`,
		`Check that PostgreSQL runs. ${remedy}`,
		error,
	);

const explain = (error: unknown, { binaryPath }: EmbeddedHatchetOptions): EngineUnavailableError => {
	if (error instanceof EngineUnavailableError) return error;
	const source = binaryPath
		? `from ${binaryPath}`
		: `(release ${embeddedVersion} of hatchet-dev/hatchet-embedded, downloaded on first use)`;
	return new EngineUnavailableError(`Embedded Hatchet ${source} did not start: ${reasonOf(error)}`, remedy, error);
};

/** Starts a whole Hatchet beside this process, on our PostgreSQL, by the SDK's embedded mode. It ends with this process. */
export const startEmbeddedHatchet = async (options: EmbeddedHatchetOptions): Promise<EmbeddedHatchet> => {
	const { databaseUrl, grpcPort, apiPort, binaryPath, checksum, log } = options;
	try {
		// The SDK lets a file that can't be started end the whole process.
		if (binaryPath !== undefined) await access(binaryPath, constants.X_OK);
		await ensureDatabase(databaseUrl).catch((error: unknown) => {
			throw isDatabaseUnavailable(error) ? databaseAway(error) : error;
		});
		const sidecar = await startEmbeddedSidecar({
			databaseUrl,
			version: embeddedVersion,
			logLevel: "warn",
			readyTimeoutMs: 120_000,
			...(grpcPort === undefined ? {} : { grpcPort }),
			...(apiPort === undefined ? {} : { apiPort }),
			...(binaryPath === undefined ? {} : { binaryPath }),
			...(checksum === undefined ? {} : { checksum }),
		});
		log.info({ grpc: sidecar.grpcAddress, api: sidecar.apiUrl }, "embedded Hatchet runs");
		return { token: sidecar.token, hostPort: sidecar.grpcAddress, apiUrl: sidecar.apiUrl, stop: sidecar.stop };
	} catch (error) {
		throw explain(error, options);
	}
};
