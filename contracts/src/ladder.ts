import { z } from "zod";
import { Timestamp } from "./values.ts";

const minutes = z.int().min(1, "must be at least 1").max(525_600, "must be at most 525600");

/** What a step counts from: the request went out; nobody acknowledged it in time; no word of progress came in time. */
const ladderClocks = ["dispatch", "acknowledge", "progress"] as const;

/** Remind the agents who owe an answer; ask the next of those whom the request names; tell people; end the request. */
const ladderActions = ["nudge", "next_agent", "escalate", "expire"] as const;
const LadderAction = z.enum(ladderActions);
export type LadderAction = z.infer<typeof LadderAction>;

export const LadderStep = z.strictObject({ after_minutes: minutes, of: z.enum(ladderClocks), do: LadderAction });
export type LadderStep = z.infer<typeof LadderStep>;

/** After a share of the time that is there until the deadline. */
const LadderShare = z.strictObject({ after_percent: z.int().min(1).max(99), do: LadderAction });

/**
 * How soon agents shall speak, and what happens as long as they don't. The step that is due first goes first; those before it are passed over.
 * With a step `next_agent` those who are asked are asked in their order: at first as many as the answer policy needs, and one more at each
 * such step, or as soon as too few of the others can still answer. Whoever was asked may answer all the same.
 */
export const Ladder = z
	.strictObject({
		acknowledge_within_minutes: minutes.nullable().default(null),
		/** Since the request went out, or the last word of progress. */
		progress_within_minutes: minutes.nullable().default(null),
		steps: z.array(z.union([LadderStep, LadderShare])).max(10, "must be at most 10"),
	})
	.superRefine(({ steps, ...within }, { addIssue }) => {
		for (const [index, step] of steps.entries())
			if ("of" in step && step.of !== "dispatch" && within[`${step.of}_within_minutes`] === null)
				addIssue({ code: "custom", path: ["steps", index, "of"], message: `needs ${step.of}_within_minutes, after which it counts` });
	})
	.meta({ examples: [{ acknowledge_within_minutes: 30, steps: [{ after_minutes: 5, of: "acknowledge", do: "nudge" }] }] });
export type Ladder = z.infer<typeof Ladder>;

/** What a new project begins with. */
export const defaultLadder: Ladder = {
	acknowledge_within_minutes: null,
	progress_within_minutes: null,
	steps: [
		{ after_percent: 50, do: "nudge" },
		{ after_percent: 80, do: "escalate" },
	],
};

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 22:00");

const isTimeZone = (name: string): boolean => {
	try {
		return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }).format() !== "";
	} catch {
		return false;
	}
};

/** When nobody is reminded, asked next or told: steps that are due then wait for the end, but for giving up. Deadlines don't move. */
export const QuietHours = z
	.strictObject({
		time_zone: z.string().max(64).refine(isTimeZone, "must be a time zone such as Europe/Vienna"),
		/** By the clocks there; past midnight where it is later than `until`. */
		from: timeOfDay,
		until: timeOfDay,
		/** Saturday and Sunday, too, from midnight to midnight. */
		weekends: z.boolean().default(false),
	})
	.refine(({ from, until }) => from !== until, { path: ["until"], error: "must differ from `from`" })
	.meta({ examples: [{ time_zone: "Europe/Vienna", from: "22:00", until: "07:00", weekends: true }] });
export type QuietHours = z.infer<typeof QuietHours>;

/** As a request keeps it from when it is asked: whatever is changed later counts for new requests alone. */
export type FrozenLadder = Ladder & { quiet_hours?: QuietHours };

export const RequestLadder = z.strictObject({
	acknowledge_within_minutes: z.int().nullable(),
	progress_within_minutes: z.int().nullable(),
	/** With the shares in minutes. */
	steps: z.array(LadderStep),
	quiet_hours: QuietHours.nullable(),
	/** How many of the steps are behind it. */
	done: z.int(),
	/** What happens, if nobody answers, or speaks, before, in this order; empty: nothing but the deadline. */
	ahead: z.array(z.strictObject({ do: LadderAction, due_at: Timestamp })),
});
export type RequestLadder = z.infer<typeof RequestLadder>;

/** A step that was done, and whom it reached: agents that were reminded, addresses that were asked, or told. */
export const ClimbedStep = z.strictObject({ do: LadderAction.exclude(["expire"]), at: Timestamp, reached: z.int() });
export type ClimbedStep = z.infer<typeof ClimbedStep>;
