import { type LogLevel, logError } from "@agentplanner/core";
import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

/** Never logged, wherever they turn up. */
export const redactedPaths = ["password", "token", "secrets", "authorization", "cookie", "csrf"].flatMap((name) => [name, `*.${name}`]);

export const createLogger = (level: LogLevel, destination?: DestinationStream): Logger =>
	pino(
		{
			level,
			base: { service: "api" },
			redact: { paths: redactedPaths, censor: "[redacted]" },
			timestamp: pino.stdTimeFunctions.isoTime,
			serializers: { err: (error: unknown) => logError(error) },
			formatters: { level: (label) => ({ level: label }) },
		},
		...(destination ? [destination] : []),
	);
