import { type Logger, pino } from "pino";

export type { Logger };

export const createLogger = (level: string): Logger =>
	pino({
		level,
		base: { service: "worker" },
		timestamp: pino.stdTimeFunctions.isoTime,
		formatters: { level: (label) => ({ level: label }) },
		redact: { paths: ["token", "secrets", "*.token", "*.secrets"], censor: "[redacted]" },
	});
