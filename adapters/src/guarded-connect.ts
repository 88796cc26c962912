import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { GuardedConnect, GuardedSocket } from "@agentplanner/contracts";
import { Agent, type Dispatcher, ping, WebSocket } from "undici";
import { type AddressOptions, createAddressRules } from "./address-rules.ts";
import { abortError, FetchError, toFetchError, UpgradeRefusedError } from "./fetch-error.ts";
import { guardedConnector } from "./guarded-connector.ts";
import { type Resolve, systemResolve } from "./resolve-host.ts";
import { asHttpUrl, parseTarget } from "./target-url.ts";

export type GuardedConnectOptions = AddressOptions & {
	/** For tests: answers instead of the system's resolver. */
	resolve?: Resolve;
	connectTimeoutMs?: number;
	/** For name resolution, connection and upgrade together. */
	handshakeTimeoutMs?: number;
};

const usualMessageBytes = 1024 * 1024;

/** A peer that doesn't answer our closing has this long before the wire is cut. */
const farewellMs = 1_000;

/** What the wire shows of the handshake: the WebSocket itself tells no reason, and answers a 401 by asking once more. */
type Watch = { onSocket(socket: Duplex): void; onFailure(error: FetchError): void };

/** The only way to a WebSocket whose URL a user typed: the addresses of the guarded fetch, bounded, no redirects. Throws FetchError. */
export const createGuardedConnect = ({
	resolve: resolveHost = systemResolve,
	connectTimeoutMs = 5_000,
	handshakeTimeoutMs = 10_000,
	...addresses
}: GuardedConnectOptions): GuardedConnect => {
	const connector = guardedConnector({ rules: createAddressRules(addresses), resolve: resolveHost, timeoutMs: connectTimeoutMs });
	return (url, { headers = {}, signal, maxMessageBytes = usualMessageBytes, pingEveryMs, onMessage, onClose }) =>
		new Promise<GuardedSocket>((resolve, reject) => {
			const target = parseTarget(asHttpUrl(url));
			target.hash = "";
			if (signal.aborted) throw abortError(signal, false);
			const agent = new Agent({
				connect: connector,
				allowH2: false,
				maxHeaderSize: 16_384,
				webSocket: { maxPayloadSize: maxMessageBytes },
			});
			let state: "connecting" | "open" | "closed" = "connecting";
			let wire: Duplex | null = null;
			// Its constructor may fail the handshake before it returns.
			let socket: WebSocket | null = null;

			let heart: NodeJS.Timeout | undefined;

			const end = () => {
				state = "closed";
				clearTimeout(handshakeTimer);
				clearInterval(heart);
				signal.removeEventListener("abort", onAbort);
				void agent.destroy();
			};
			const fail = (error: FetchError) => {
				if (state !== "connecting") return;
				end();
				socket?.close();
				wire?.destroy();
				reject(error);
			};
			const close = (code?: number) => {
				if (state !== "open") return;
				socket?.close(code);
				setTimeout(() => wire?.destroy(), farewellMs).unref();
			};
			const onAbort = () => (state === "connecting" ? fail(abortError(signal, false)) : close());
			const tooLate = () => fail(new FetchError("timeout", `no WebSocket within ${handshakeTimeoutMs / 1000} s`));
			const handshakeTimer = setTimeout(tooLate, handshakeTimeoutMs);
			signal.addEventListener("abort", onAbort);

			const onSocket = (upgraded: Duplex) => {
				wire = upgraded;
			};
			socket = new WebSocket(target.href, { headers, dispatcher: agent.compose(watched({ onSocket, onFailure: fail })) });
			socket.binaryType = "arraybuffer";
			const opened: GuardedSocket = {
				send: (text) => {
					if (state === "open") socket?.send(text);
				},
				close,
			};
			socket.addEventListener("open", () => {
				if (state !== "connecting") return;
				state = "open";
				clearTimeout(handshakeTimer);
				if (pingEveryMs !== undefined && socket && wire) heart = beat(socket, wire as Socket, pingEveryMs);
				resolve(opened);
			});
			socket.addEventListener("message", ({ data }) => {
				if (state !== "open") return;
				if (typeof data === "string") onMessage(data);
				else close();
			});
			socket.addEventListener("close", ({ code, reason }) => {
				if (state === "closed") return;
				if (state === "connecting") {
					fail(new FetchError("protocol", "the peer's answer was not a valid WebSocket handshake"));
					return;
				}
				end();
				onClose(code, reason);
			});
		});
};

/** The WebSocket tells of no pong, but the wire of every byte. */
const beat = (socket: WebSocket, wire: Socket, everyMs: number): NodeJS.Timeout => {
	let heard = -1;
	return setInterval(() => {
		if (wire.bytesRead === heard) return wire.destroy();
		heard = wire.bytesRead;
		ping(socket);
	}, everyMs);
};

/** Looks at the handshake as it passes by. */
const watched =
	({ onSocket, onFailure }: Watch): Dispatcher.DispatcherComposeInterceptor =>
	(dispatch) =>
	(options, handler) =>
		dispatch(options, {
			onRequestStart: (...args) => handler.onRequestStart?.(...args),
			onRequestUpgrade: (controller, status, headers, socket) => {
				onSocket(socket);
				handler.onRequestUpgrade?.(controller, status, headers, socket);
			},
			onResponseStart: (controller, status, headers, statusText) => {
				onFailure(new UpgradeRefusedError(status, headers));
				handler.onResponseStart?.(controller, status, headers, statusText);
			},
			onResponseData: (...args) => handler.onResponseData?.(...args),
			onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
			onResponseError: (controller, error) => {
				onFailure(toFetchError(error, false));
				handler.onResponseError?.(controller, error);
			},
		});
