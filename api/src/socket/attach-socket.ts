import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Actor, authorizeMany, type Context, isDatabaseUnavailable, type listen } from "@agentplanner/core";
import { type WebSocket, WebSocketServer } from "ws";
import { clientAddress, type Trusts } from "../http/client-address.ts";
import { type Credential, readCredential, recogniseListener } from "../http/credential.ts";
import type { SessionCookie } from "../http/session-cookie.ts";
import type { Logger } from "../logger.ts";
import { createChangeFeed } from "./change-feed.ts";
import { createPageConnection, type PageConnection } from "./page-connection.ts";
import { createPublicReaders, publicKeyIn } from "./public-readers.ts";

const path = "/api/v1/socket";
const maxMessageBytes = 16 * 1024;
const pingMs = 30_000;
const pollMs = 1_000;
// A revoked session or token and a lost membership must show within 5 s.
const recheckMs = 2_500;
const checksAtOnce = 4;
// A person's tabs and scripts, and everybody's: what is checked in each round has to have an end.
const mostSocketsEach = 50;
const mostSockets = 5_000;
const closePolicy = 1008;
const closeGoingAway = 1001;
const closeTryAgain = 1013;

export type Socket = { close(): Promise<void> };

export type SocketOptions = {
	server: Server;
	/** The system's context, for reading changes and checking rights. */
	core: Context;
	cookie: SessionCookie;
	publicUrl: string;
	/** Which addresses are proxies of ours. */
	trusts: Trusts;
	/** Calls back whenever something was stamped. */
	onStamped: (wake: () => void) => ReturnType<typeof listen>;
	log: Logger;
};

const refuse = (stream: Duplex, status: number) => {
	stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** Browsers always say where a page comes from, and send our cookie from other sites' pages too; scripts say nothing. */
const isOwnOrigin = ({ headers }: IncomingMessage, publicUrl: string): boolean => {
	const { origin, host } = headers;
	if (origin === undefined) return true;
	if (!URL.canParse(origin)) return false;
	return origin === new URL(publicUrl).origin || new URL(origin).host === host;
};

/** A person counts once, whichever way they come. */
const holderOf = (actor: Actor): string => ("userId" in actor && actor.userId) || ("tokenId" in actor && actor.tokenId) || actor.type;

/**
 * The WebSocket at `/api/v1/socket`: tells pages and scripts what changed, never what it says. A token comes in a header, never in the
 * address. Beside it those of public links, which tell strangers that the one plan they read has changed.
 */
export const attachSocket = ({ server, core, cookie, publicUrl, trusts, onStamped, log }: SocketOptions): Socket => {
	const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
	const feed = createChangeFeed({
		core,
		renewRoles: () => recheckRights(),
		onError: (error) => log.warn({ err: error }, "changes could not be read; the next wake-up tries again"),
	});
	const readers = createPublicReaders({
		core,
		onError: (error) => log.warn({ err: error }, "changes of public plans could not be read; the next wake-up tries again"),
	});
	const pages = new Map<WebSocket, PageConnection>();
	const silent = new WeakSet<WebSocket>();

	const watch = (socket: WebSocket) => {
		socket.on("pong", () => silent.delete(socket));
		socket.on("error", (error) => log.debug({ err: error }, "socket failed"));
	};

	const open = (socket: WebSocket, credential: Credential, actor: Actor) => {
		const page = createPageConnection({ socket, credential, actor, core, feed });
		pages.set(socket, page);
		// One at a time, in order, so that a flood of messages can't take the pool's connections.
		let last = Promise.resolve();
		let waiting = 0;
		socket.on("message", (data) => {
			waiting += 1;
			if (waiting > 100) return socket.close(closePolicy, "too many messages at once");
			last = last
				.then(() => page.receive(data))
				.catch((error: unknown) => {
					log.warn({ err: error }, "socket message could not be served");
					// The page connects again and asks again.
					socket.close(closeTryAgain, "try again");
				})
				.finally(() => {
					waiting -= 1;
				});
		});
		watch(socket);
		socket.on("close", () => {
			pages.delete(socket);
			page.close();
		});
	};

	const upgradeReader = async (request: IncomingMessage, stream: Duplex, head: Buffer, key: string) => {
		if (!isOwnOrigin(request, publicUrl)) return refuse(stream, 403);
		const reader = await readers.admit(key, clientAddress(request, trusts));
		if (reader === null) return refuse(stream, 404);
		const refusal = readers.refusal(reader);
		if (refusal !== null) return refuse(stream, refusal);
		sockets.handleUpgrade(request, stream, head, (socket) => {
			watch(socket);
			readers.add(socket, reader);
			readers.wake();
		});
	};

	const upgrade = async (request: IncomingMessage, stream: Duplex, head: Buffer) => {
		const key = publicKeyIn(request.url);
		if (key !== null) return upgradeReader(request, stream, head, key);
		if (request.url?.split("?")[0] !== path) return refuse(stream, 404);
		if (!isOwnOrigin(request, publicUrl)) return refuse(stream, 403);
		const credential = readCredential(request.headers, cookie);
		const actor = credential && (await recogniseListener(core, credential));
		if (!actor) return refuse(stream, 401);
		if (pages.size >= mostSockets) return refuse(stream, 503);
		if ([...pages.values()].filter((page) => holderOf(page.actor) === holderOf(actor)).length >= mostSocketsEach)
			return refuse(stream, 429);
		sockets.handleUpgrade(request, stream, head, (socket) => open(socket, credential, actor));
	};

	const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
		stream.on("error", () => stream.destroy());
		upgrade(request, stream, head).catch((error: unknown) => {
			log.warn({ err: error }, "socket could not be opened");
			refuse(stream, isDatabaseUnavailable(error) ? 503 : 500);
		});
	};
	server.on("upgrade", onUpgrade);

	/** Closes pages that are no longer signed in. All credentials come before all rights, so that nobody's many projects hold that up. */
	const recheckCredentials = async () => {
		const credentials = new Map([...pages.values()].map(({ credential }) => [credential.token, credential]));
		const actors = new Map<string, Actor | null>();
		const waiting = [...credentials.values()];
		const checkNext = async () => {
			for (let credential = waiting.pop(); credential; credential = waiting.pop())
				actors.set(credential.token, await recogniseListener(core, credential));
		};
		await Promise.all(Array.from({ length: checksAtOnce }, checkNext));
		for (const [socket, page] of pages) {
			const actor = actors.get(page.credential.token);
			if (actor) page.actor = actor;
			// Undefined: opened meanwhile.
			else if (actor === null) socket.close(closePolicy, "no longer signed in");
		}
	};

	const recheckRights = async () => {
		const watching = [...pages.values()].flatMap((page) => page.watched().map((asking) => ({ ...asking, page })));
		const verdicts = await authorizeMany(core, watching);
		for (const [index, { page, projectId }] of watching.entries()) {
			const verdict = verdicts[index];
			if (verdict) page.judge(projectId, verdict);
		}
	};

	const recheck = async () => {
		await recheckCredentials();
		await recheckRights();
	};

	let rechecking = false;
	const wake = () => {
		feed.wake();
		readers.wake();
	};
	const everySocket = () => [...pages.keys(), ...readers.sockets()];
	const timers = [
		setInterval(wake, pollMs),
		setInterval(() => {
			if (rechecking) return;
			rechecking = true;
			recheck()
				.catch((error: unknown) => log.warn({ err: error }, "open pages could not be checked; the next round tries again"))
				.finally(() => {
					rechecking = false;
				});
		}, recheckMs),
		setInterval(() => {
			for (const socket of everySocket()) {
				if (silent.has(socket)) socket.terminate();
				silent.add(socket);
				socket.ping();
			}
		}, pingMs),
	];
	const listener = onStamped(wake);

	return {
		close: async () => {
			server.off("upgrade", onUpgrade);
			for (const timer of timers) clearInterval(timer);
			for (const socket of everySocket()) socket.close(closeGoingAway, "the server stops");
			await listener.close();
			await Promise.all([feed.idle(), readers.idle()]);
			for (const socket of everySocket()) socket.terminate();
			sockets.close();
		},
	};
};
