import { AdapterError, type CheckResult } from "@agentplanner/contracts";

/** What a check says of a call that failed; throws what is no word of the platform. */
export const findingOf = (error: unknown): CheckResult => {
	if (error instanceof AdapterError) return [{ problem: error.message, remedy: error.remedy, kind: error.kind }];
	throw error;
};

/** The same of one channel, on whose account no other messages are kept back. */
export const channelFindingOf = (error: unknown, address: string): CheckResult =>
	findingOf(error).map(({ problem, remedy }) => ({ problem: address === "" ? problem : `Channel ${address}: ${problem}`, remedy }));
