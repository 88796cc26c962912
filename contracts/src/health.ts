import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { Timestamp } from "./values.ts";

const count = z.int();

export const ProjectHealth = z.strictObject({
	checked_at: Timestamp,
	/** Accepted is what was counted by itself; the others are counted by what shows them, and add up to it. */
	requests: z.strictObject({
		accepted: count,
		/** With the answers that were needed, or declined by all. */
		answered: count,
		/** With a timer that will wake it. */
		open: count,
		/** Nobody can answer any more. */
		dead: count,
		cancelled: count,
		expired: count,
	}),
	/** Messages that are under way, and those that gave up and were not put aside. */
	deliveries: z.strictObject({ queued: count, sending: count, retrying: count, unknown: count, dead: count }),
	timers: z.strictObject({
		/** Due, and not raised yet. */
		due: count,
		/** For how long the oldest of them has been due. */
		lag_ms: count,
	}),
	/** What must never be, and is: nothing, as a rule. */
	violations: z.array(
		z.strictObject({
			rule: z.string(),
			count,
			/** Some of the rows, by id. */
			subjects: z.array(z.string()),
			/** When the check of every minute found it; null: it has not yet. */
			since: Timestamp.nullable(),
		}),
	),
});
export type ProjectHealth = z.infer<typeof ProjectHealth>;

export const health = {
	getProjectHealth: endpoint({
		method: "GET",
		path: "/projects/{projectId}/health",
		summary: "Whether everything that was accepted is where it must be (admins and owners)",
		description:
			"Checked now, over everything that the project has. The worker checks the whole installation every minute and tells of what it finds once, by the event `project.promise.broken`.",
		tag: "health",
		params: ProjectParams,
		output: ProjectHealth,
	}),
};
