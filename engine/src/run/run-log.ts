import type { RunLog } from "../workflow.ts";

/** The same log with fields that every line carries. */
export const withFields = (log: RunLog, fields: object): RunLog => ({
	debug: (more, message) => log.debug({ ...fields, ...more }, message),
	info: (more, message) => log.info({ ...fields, ...more }, message),
	warn: (more, message) => log.warn({ ...fields, ...more }, message),
	error: (more, message) => log.error({ ...fields, ...more }, message),
});
