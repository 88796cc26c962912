import type { RunLog } from "../workflow.ts";

type SdkLogger = {
	debug(message: string): Promise<void>;
	info(message: string): Promise<void>;
	green(message: string): Promise<void>;
	warn(message: string, error?: Error): Promise<void>;
	error(message: string, error?: Error): Promise<void>;
	util(key: string, message: string): Promise<void>;
};

/** The SDK's warnings and errors in our log; without a logger of ours it prints everything to the console. */
export const hatchetLogger =
	(log: RunLog) =>
	(context: string): SdkLogger => {
		const fields = (error?: Error) => ({ subsystem: "hatchet", context, ...(error ? { err: error } : {}) });
		const quiet = async () => {};
		return {
			debug: quiet,
			info: quiet,
			green: quiet,
			util: quiet,
			warn: async (message, error) => log.warn(fields(error), message),
			error: async (message, error) => log.error(fields(error), message),
		};
	};
