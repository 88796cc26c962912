import { createGuardedFetch } from "@agentplanner/adapters";
import { AdapterError, type CheckResult } from "@agentplanner/contracts";
import type { openIntegration } from "@agentplanner/core";
import { findAdapter } from "./find-adapter.ts";
import type { Logger } from "./logger.ts";

const timeoutMs = 15_000;

/** Asks the platform whether a channel works as it is set up now; a failed check is a finding, not an error. */
export const checkIntegration = async (
	{ id, adapter: adapterId, settings, secrets, allowedNetworks }: Awaited<ReturnType<typeof openIntegration>>,
	log: Logger,
): Promise<CheckResult> => {
	const adapter = findAdapter(adapterId);
	const fetch = createGuardedFetch({ allowedNetworks });
	const adapterLog = log.child({ integrationId: id, adapter: adapterId });
	try {
		const connection = await adapter.open({ settings, secrets }, { fetch, log: adapterLog, now: () => new Date() });
		try {
			return await connection.check(AbortSignal.timeout(timeoutMs));
		} finally {
			await connection.close();
		}
	} catch (error) {
		if (error instanceof AdapterError) return [{ problem: error.message, remedy: error.remedy }];
		if (error instanceof Error && error.name === "TimeoutError")
			return [{ problem: `No answer within ${timeoutMs / 1000} s.`, remedy: "Check that the address is right and that its server runs." }];
		throw error;
	} finally {
		await fetch.close();
	}
};
