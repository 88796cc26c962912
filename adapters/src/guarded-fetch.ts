import type { GuardedFetch } from "@agentplanner/contracts";
import { Agent } from "undici";
import { type AddressOptions, createAddressRules } from "./address-rules.ts";
import { boundedExchange } from "./bounded-exchange.ts";
import { FetchError } from "./fetch-error.ts";
import { guardedConnector } from "./guarded-connector.ts";
import { type Resolve, resolveVetted, systemResolve } from "./resolve-host.ts";
import { hostOf, parseTarget, portOf } from "./target-url.ts";

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

/**
 * Early word to a person who saves a URL: throws FetchError `invalid_url` or `blocked`. Not the guard, which judges again at
 * every connection; so a name that can't be resolved just now passes.
 */
export const assertPublicUrl = async (
	url: string,
	allowedNetworks: readonly string[],
	{ resolve = systemResolve, isPublic }: { resolve?: Resolve; isPublic?: (address: string) => boolean } = {},
): Promise<void> => {
	const target = parseTarget(url);
	const rules = createAddressRules({ allowedNetworks, isPublic });
	const patience = new Promise<void>((done) => setTimeout(done, 5_000).unref());
	try {
		await Promise.race([resolveVetted(hostOf(target), portOf(target), rules, resolve), patience]);
	} catch (error) {
		if (error instanceof FetchError && error.code === "blocked") throw error;
	}
};
