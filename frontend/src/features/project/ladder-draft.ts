import { Ladder, type LadderAction, QuietHours } from "@agentplanner/contracts";

export type Clock = "percent" | "dispatch" | "acknowledge" | "progress";
export type StepDraft = { key: string; do: LadderAction; after: string; of: Clock };
export type QuietDraft = { on: boolean; from: string; until: string; time_zone: string; weekends: boolean };

/** The ladder and the quiet hours as they are typed; an empty limit means none. */
export type LadderDraft = { acknowledge: string; progress: string; steps: StepDraft[]; quiet: QuietDraft };

let keys = 0;
const newKey = () => {
	keys += 1;
	return `step-${keys}`;
};

export const newStep = (): StepDraft => ({ key: newKey(), do: "nudge", after: "50", of: "percent" });

const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const minutes = (value: number | null): string => (value === null ? "" : String(value));

export const draftOf = ({ ladder, quiet_hours: quiet }: { ladder: Ladder; quiet_hours: QuietHours | null }): LadderDraft => ({
	acknowledge: minutes(ladder.acknowledge_within_minutes),
	progress: minutes(ladder.progress_within_minutes),
	steps: ladder.steps.map((step) => ({
		key: newKey(),
		do: step.do,
		...("of" in step ? { after: String(step.after_minutes), of: step.of } : { after: String(step.after_percent), of: "percent" as const }),
	})),
	quiet: quiet ? { on: true, ...quiet } : { on: false, from: "22:00", until: "07:00", time_zone: ownZone(), weekends: true },
});

const number = (typed: string): number => (/^\d+$/.test(typed.trim()) ? Number(typed) : Number.NaN);
const limit = (typed: string): number | null => (typed.trim() === "" ? null : number(typed));

const stepOf = ({ do: what, after, of }: StepDraft): Ladder["steps"][number] =>
	of === "percent" ? { after_percent: number(after), do: what } : { after_minutes: number(after), of, do: what };

export const ladderOf = ({ acknowledge, progress, steps }: LadderDraft): Ladder => ({
	acknowledge_within_minutes: limit(acknowledge),
	progress_within_minutes: limit(progress),
	steps: steps.map(stepOf),
});

export const quietOf = ({ quiet: { on, ...hours } }: LadderDraft): QuietHours | null => (on ? hours : null);

/** What is wrong, by field: `acknowledge`, `progress`, a step's key, `from`, `until`, `time_zone`. */
export const problemsOf = (draft: LadderDraft): Record<string, string> => {
	const problems: Record<string, string> = {};
	const whole = "A whole number of minutes from 1 to 525600, or nothing.";
	for (const { path } of Ladder.safeParse(ladderOf(draft)).error?.issues ?? []) {
		const step = path[0] === "steps" && typeof path[1] === "number" ? draft.steps[path[1]] : undefined;
		if (step) problems[step.key] ??= stepProblem(draft, step);
		else if (path[0] === "acknowledge_within_minutes") problems.acknowledge = whole;
		else if (path[0] === "progress_within_minutes") problems.progress = whole;
	}
	for (const { path, message } of (draft.quiet.on && QuietHours.safeParse(quietOf(draft)).error?.issues) || [])
		problems[String(path[0])] ??=
			path[0] === "until" && draft.quiet.from === draft.quiet.until ? "Must differ from the beginning." : message;
	return problems;
};

const stepProblem = (draft: LadderDraft, { of, after }: StepDraft): string => {
	if (of === "percent") return "A whole number from 1 to 99.";
	const missing = (of === "acknowledge" && draft.acknowledge.trim() === "") || (of === "progress" && draft.progress.trim() === "");
	return missing && !Number.isNaN(number(after)) ? "Say below how soon that is expected." : "A whole number of minutes from 1 to 525600.";
};
