import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { AddressRules } from "./address-rules.ts";
import { FetchError } from "./fetch-error.ts";

export type HostAddress = { address: string; family: number };

/** Every address of a host name. */
export type Resolve = (hostname: string) => Promise<HostAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/** The host's addresses, if each of them may be dialled: one bad answer condemns the name. Literals are judged as they are. */
export const resolveVetted = async (hostname: string, port: number, rules: AddressRules, resolve: Resolve): Promise<HostAddress[]> => {
	const family = isIP(hostname);
	const answers = family === 0 ? await resolve(hostname) : [{ address: hostname, family }];
	if (answers.length === 0) throw new FetchError("dns", `the host name ${hostname} has no address`);
	for (const { address } of answers) {
		const refusal = rules.refusal(address, port);
		if (refusal) throw new FetchError("blocked", address === hostname ? refusal : `${hostname} leads to ${address}: ${refusal}`);
	}
	return answers;
};
