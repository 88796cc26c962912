import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { buildConnector } from "undici";
import type { AddressRules } from "./address-rules.ts";
import { FetchError } from "./fetch-error.ts";
import { type Resolve, resolveVetted } from "./resolve-host.ts";
import { portOf } from "./target-url.ts";

type ConnectorOptions = { rules: AddressRules; resolve: Resolve; timeoutMs: number };

/** Node's lookup, answering only with addresses that were judged: the socket goes to exactly these, so a second answer has no chance. */
const vettedLookup =
	(port: number, { rules, resolve }: ConnectorOptions): LookupFunction =>
	(hostname, options, callback) => {
		resolveVetted(hostname, port, rules, resolve).then(
			(answers) => {
				const [first] = answers;
				if (options.all || !first) callback(null, answers);
				else callback(null, first.address, first.family);
			},
			(error: Error) => callback(error, []),
		);
	};

/**
 * Opens sockets for undici, judging the address three times: a literal before the dial (Node asks no lookup for one),
 * every resolved address, and the peer of the finished socket before a byte of the request is written.
 */
export const guardedConnector = (options: ConnectorOptions): buildConnector.connector => {
	const { rules, timeoutMs } = options;
	return (target, callback) => {
		const port = portOf(target);
		const refusal = isIP(target.hostname) === 0 ? null : rules.refusal(target.hostname, port);
		if (refusal) {
			callback(new FetchError("blocked", refusal), null);
			return;
		}
		const connect = buildConnector({ timeout: timeoutMs, lookup: vettedLookup(port, options), allowH2: false, maxCachedSessions: 0 });
		connect(target, (...[error, socket]) => {
			if (error) {
				callback(error, null);
				return;
			}
			const peer = socket.remoteAddress;
			const peerRefusal = peer === undefined ? null : rules.refusal(peer, port);
			if (peer !== undefined && peerRefusal === null) {
				callback(null, socket);
				return;
			}
			socket.destroy();
			callback(
				peerRefusal ? new FetchError("blocked", peerRefusal) : new FetchError("reset", "the peer closed the connection at once"),
				null,
			);
		});
	};
};
