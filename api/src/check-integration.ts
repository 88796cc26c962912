import { AdapterError, type CheckResult } from "@agentplanner/contracts";
import type { UnsealedIntegration } from "@agentplanner/core";
import type { Logger } from "./logger.ts";
import { withConnection } from "./with-connection.ts";

const timeoutMs = 15_000;

/** Asks the platform whether a channel works as it is set up now, and the addresses that routes lead to; a failed check is a finding, not an error. */
export const checkIntegration = async (integration: UnsealedIntegration, addresses: string[], log: Logger): Promise<CheckResult> => {
	try {
		return await withConnection(integration, log, (connection) => connection.check(addresses, AbortSignal.timeout(timeoutMs)));
	} catch (error) {
		if (error instanceof AdapterError) return [{ problem: error.message, remedy: error.remedy }];
		if (error instanceof Error && error.name === "TimeoutError")
			return [{ problem: `No answer within ${timeoutMs / 1000} s.`, remedy: "Check that the address is right and that its server runs." }];
		throw error;
	}
};
