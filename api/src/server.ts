import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { adapterLabel } from "@agentplanner/adapters";
import { type Context, createKeys, listen, type openDatabase, pendingMigrations } from "@agentplanner/core";
import type { Request, Response } from "express";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import type { ContextFactory } from "./context.ts";
import { explainClientErrors, refuseUnroutable } from "./http/broken-requests.ts";
import type { Trusts } from "./http/client-address.ts";
import { createEventWaiters } from "./http/event-waiters.ts";
import { createSessionCookie } from "./http/session-cookie.ts";
import type { Logger } from "./logger.ts";
import { attachSocket } from "./socket/attach-socket.ts";

export type RunningServer = { port: number; close(): Promise<void> };

const drainMs = 5_000;

const listenOn = (server: Server, port: number, host: string) =>
	new Promise<number>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, host, () => {
			server.off("error", reject);
			resolve((server.address() as AddressInfo).port);
		});
	});

/** curl and Java's client offer h2c with every first request: that is an offer, and its answer a plain response. */
const isWebSocket = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket";

/** Lets requests under way end; cuts those that don't in time. */
const drain = async (server: Server) => {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeIdleConnections();
	const cut = setTimeout(() => server.closeAllConnections(), drainMs);
	await closed;
	clearTimeout(cut);
};

/** HTTP and WebSocket on one port, over an open database. Rejects when the port is taken. */
export const startServer = async (options: {
	config: Config;
	db: ReturnType<typeof openDatabase>;
	log: Logger;
}): Promise<RunningServer> => {
	const { config, db, log } = options;
	const keys = createKeys(config.encryptionKey);
	const createContext: ContextFactory = ({ requestId, traceId }) => ({
		db: db.orm,
		actor: { type: "anonymous" },
		requestId,
		traceId,
		now: () => new Date(),
		keys,
		adapterLabel,
	});
	const cookie = createSessionCookie(config.session.cookieName, config.http.publicUrl);
	const system: Context = { ...createContext({ requestId: null, traceId: null }), actor: { type: "system", name: "api" } };
	const eventWaiters = createEventWaiters({
		core: system,
		onError: (error) => log.warn({ err: error }, "events that are waited for could not be read; the next wake-up tries again"),
	});
	const app = createApp({ config, createContext, pendingMigrations: () => pendingMigrations(db.pool), cookie, keys, log, eventWaiters });
	const server = createServer({ shouldUpgradeCallback: isWebSocket }, (request, response) =>
		app(request as Request, response as Response, () => refuseUnroutable(response)),
	);
	explainClientErrors(server);
	server.requestTimeout = 30_000;
	server.headersTimeout = 10_000;
	const port = await listenOn(server, config.http.port, config.http.host);

	const socket = attachSocket({
		server,
		core: system,
		cookie,
		publicUrl: config.http.publicUrl,
		trusts: app.get("trust proxy fn") as Trusts,
		onStamped: (wake) =>
			listen({
				url: config.databaseUrl,
				name: "agentplanner-api",
				channels: ["stamped"],
				wake: () => {
					eventWaiters.wake();
					wake();
				},
				onError: (error) => log.warn({ err: error }, "listening for changes was interrupted"),
			}),
		log,
	});
	return {
		port,
		close: async () => {
			eventWaiters.stop();
			await socket.close();
			await drain(server);
		},
	};
};
