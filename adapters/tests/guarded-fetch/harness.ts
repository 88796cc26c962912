import { afterEach, expect } from "vitest";
import { FetchError } from "../../src/fetch-error.ts";
import { createGuardedFetch, type GuardedFetchClient, type GuardedFetchOptions } from "../../src/guarded-fetch.ts";

/** Makes clients that are closed with their test: one for public addresses, one that may dial this machine, too. */
export const useClients = () => {
	const clients: GuardedFetchClient[] = [];
	afterEach(async () => {
		await Promise.all(clients.splice(0).map((made) => made.close()));
	});
	const client = (options: Partial<GuardedFetchOptions> = {}): GuardedFetchClient => {
		const made = createGuardedFetch({ allowedNetworks: [], ...options });
		clients.push(made);
		return made;
	};
	return { client, local: (options: Partial<GuardedFetchOptions> = {}) => client({ allowedNetworks: ["127.0.0.1/32"], ...options }) };
};

export const get = (fetch: GuardedFetchClient, url: string, signal = new AbortController().signal) =>
	fetch(url, { method: "GET", headers: {}, signal });

/** What a call failed with, which is always one of the typed errors. */
export const failure = async (promise: Promise<unknown>): Promise<FetchError> => {
	const error = await promise.then(
		() => expect.fail("no error"),
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(FetchError);
	return error as FetchError;
};

export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** An address as a resolver answers with it. */
export const at = (address: string) => ({ address, family: address.includes(":") ? 6 : 4 });
