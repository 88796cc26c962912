import { Logger } from "graphile-worker";
import type { RunLog } from "../workflow.ts";

/** graphile-worker's chatter in our log: warnings and errors only, since runs are logged by us. */
export const graphileLogger = (log: RunLog) =>
	new Logger((scope) => (level, message, meta) => {
		// Failed runs are logged with their workflow where they run.
		if (meta?.failure === true) return;
		const fields = { subsystem: "graphile-worker", label: scope.label };
		if (level === "error") log.error(fields, message);
		else if (level === "warning") log.warn(fields, message);
	});
