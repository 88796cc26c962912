import { parseNetworks } from "@agentplanner/adapters";
import type { FieldError } from "@agentplanner/contracts";
import { UnprocessableError } from "@agentplanner/core";

const problemOf = (network: string): string | null => {
	try {
		parseNetworks([network]);
		return null;
	} catch (error) {
		if (error instanceof TypeError) return error.message;
		throw error;
	}
};

/** Throws UnprocessableError, which names each one that is no network in CIDR notation. */
export const checkNetworks = (networks: readonly string[]): void => {
	const fields = networks.flatMap((network, index): FieldError[] => {
		const problem = problemOf(network);
		return problem ? [{ field: `body.allowed_networks.${index}`, message: problem }] : [];
	});
	if (fields.length > 0) throw new UnprocessableError("Some networks can't be read. Write them like 10.1.0.0/16 or fd00::/8.", fields);
};
