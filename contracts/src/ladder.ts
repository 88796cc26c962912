import { z } from "zod";
import { Timestamp } from "./values.ts";

const minutes = z.int().min(1, "must be at least 1").max(525_600, "must be at most 525600");

/** What a step counts from: the request went out; nobody acknowledged it in time; no word of progress came in time. */
const ladderClocks = ["dispatch", "acknowledge", "progress"] as const;

/** Remind the agents who owe an answer; tell people; end the request. */
const ladderActions = ["nudge", "escalate", "expire"] as const;
const LadderAction = z.enum(ladderActions);

export const LadderStep = z.strictObject({ after_minutes: minutes, of: z.enum(ladderClocks), do: LadderAction });
export type LadderStep = z.infer<typeof LadderStep>;

/** After a share of the time that is there until the deadline. */
const LadderShare = z.strictObject({ after_percent: z.int().min(1).max(99), do: LadderAction });

/** How soon agents shall speak, and what happens as long as they don't. The step that is due first goes first; those before it are passed over. */
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

/** As a request keeps it from when it is asked: whatever is changed later counts for new requests alone. */
export const FrozenLadder = z.strictObject({
	acknowledge_within_minutes: z.int().nullable(),
	progress_within_minutes: z.int().nullable(),
	steps: z.array(LadderStep),
});
export type FrozenLadder = z.infer<typeof FrozenLadder>;

export const RequestLadder = FrozenLadder.extend({
	/** How many of the steps are behind it. */
	done: z.int(),
	/** What happens next, if nobody answers, or speaks, before; null: nothing but the deadline. */
	next: z.strictObject({ do: LadderAction, due_at: Timestamp }).nullable(),
});
export type RequestLadder = z.infer<typeof RequestLadder>;
