import { type Logger, pino, stdSerializers } from "pino";

export type { Logger };

export const createLogger = (level: string): Logger =>
	pino({
		level,
		base: { service: "worker" },
		timestamp: pino.stdTimeFunctions.isoTime,
		serializers: { err: serializeError },
		formatters: { level: (label) => ({ level: label }) },
		redact: { paths: ["token", "secrets", "*.token", "*.secrets"], censor: "[redacted]" },
	});

/** Errors of a lost database connection carry the whole connection: kilobytes that say nothing. */
const serializeError = (error: Error): object => {
	const { client: _, ...rest } = stdSerializers.err(error);
	return rest;
};
