import type { GuardedFetch } from "@agentplanner/contracts";
import { Agent } from "undici";
import { type AddressOptions, createAddressRules } from "./address-rules.ts";
import { boundedExchange } from "./bounded-exchange.ts";
import { guardedConnector } from "./guarded-connector.ts";
import { type Resolve, systemResolve } from "./resolve-host.ts";
import { parseTarget } from "./target-url.ts";

export type GuardedFetchOptions = AddressOptions & {
	/** For tests: answers instead of the system's resolver. */
	resolve?: Resolve;
	connectTimeoutMs?: number;
	/** For everything, name resolution and the last byte of the body included. The whole of it may go by before the head comes. */
	totalTimeoutMs?: number;
	maxResponseBytes?: number;
};

/** `close` waits for requests under way, at most their total timeout. */
export type GuardedFetchClient = GuardedFetch & { close(): Promise<void> };

/** The only way to a URL that a user typed: public addresses and allowed networks alone, bounded, no redirects. Throws FetchError. */
export const createGuardedFetch = ({
	resolve = systemResolve,
	connectTimeoutMs = 5_000,
	totalTimeoutMs = 15_000,
	maxResponseBytes = 65_536,
	...addresses
}: GuardedFetchOptions): GuardedFetchClient => {
	const agent = new Agent({
		connect: guardedConnector({ rules: createAddressRules(addresses), resolve, timeoutMs: connectTimeoutMs }),
		allowH2: false,
		pipelining: 1,
		maxHeaderSize: 16_384,
		keepAliveMaxTimeout: 30_000,
	});
	const fetch: GuardedFetch = async (url, init) =>
		boundedExchange(agent, parseTarget(url), init, { totalTimeoutMs, maxResponseBytes: init.maxResponseBytes ?? maxResponseBytes });
	return Object.assign(fetch, { close: () => agent.close() });
};
