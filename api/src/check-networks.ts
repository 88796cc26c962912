import { networkProblem } from "@agentplanner/adapters";
import type { FieldError } from "@agentplanner/contracts";
import { UnprocessableError } from "@agentplanner/core";

/** Throws UnprocessableError, which names each one that is no network in CIDR notation, or none that may be opened. */
export const checkNetworks = (networks: readonly string[]): void => {
	const fields = networks.flatMap((network, index): FieldError[] => {
		const message = networkProblem(network);
		return message ? [{ field: `body.allowed_networks.${index}`, message }] : [];
	});
	if (fields.length > 0)
		throw new UnprocessableError("Some networks can't be opened. Write private ones in CIDR notation: 10.1.0.0/16, fd00::/8.", fields);
};
