import type { WakeInput } from "../workflow.ts";

/** What a cron run is about: nothing. */
export const noSubject = "00000000-0000-0000-0000-000000000000";

/** Input of the run that the minute of `tick` starts; the same tick always has the same wake id. */
export const cronInput = (tick: Date): WakeInput => {
	const minute = new Date(Math.floor(tick.getTime() / 60_000) * 60_000).toISOString();
	return { wakeId: `cron/${minute}`, projectId: null, subjectId: noSubject, data: {} };
};
