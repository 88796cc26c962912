import { logError } from "@agentplanner/core";
import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

export const createLogger = (level: string, destination?: DestinationStream): Logger =>
	pino(
		{
			level,
			base: { service: "worker" },
			timestamp: pino.stdTimeFunctions.isoTime,
			serializers: { err: (error: unknown) => logError(error) },
			formatters: { level: (label) => ({ level: label }) },
			redact: { paths: ["token", "secrets", "*.token", "*.secrets"], censor: "[redacted]" },
		},
		...(destination ? [destination] : []),
	);
