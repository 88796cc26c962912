import { createAddressRules } from "./address-rules.ts";
import { FetchError } from "./fetch-error.ts";
import { type Resolve, resolveVetted, systemResolve } from "./resolve-host.ts";
import { hostOf, parseTarget, portOf } from "./target-url.ts";

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
