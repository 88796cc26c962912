import type { CreateGoalInput, Goal, UpdateGoalInput } from "@agentplanner/contracts";
import { z } from "zod";

/** A number while it is typed. */
const Typed = z.union([z.number(), z.string()]);
const CriterionDraft = z.object({ key: z.string(), title: z.string(), unit: z.string(), start: Typed, target: Typed, current: Typed });
export type CriterionDraft = z.infer<typeof CriterionDraft>;

/** What a form holds of a goal. */
export const GoalDraft = z.object({
	title: z.string(),
	description: z.string(),
	parent_id: z.string().nullable(),
	owner_user_id: z.string().nullable(),
	/** "" for none. */
	target_date: z.string(),
	criteria: z.array(CriterionDraft),
});
export type GoalDraft = z.infer<typeof GoalDraft>;

/** An edit under way: what it began from, of which version, and what was made of it. */
export const GoalEdit = z.object({ version: z.number(), base: GoalDraft, draft: GoalDraft });
export type GoalEdit = z.infer<typeof GoalEdit>;

export const newGoalKey = (projectId: string, parentId: string | null): string => `goal:new:${parentId ?? projectId}`;
export const goalEditKey = (goalId: string): string => `goal:edit:${goalId}`;

export const emptyDraft = (parentId: string | null): GoalDraft => ({
	title: "",
	description: "",
	parent_id: parentId,
	owner_user_id: null,
	target_date: "",
	criteria: [],
});

export const emptyCriterion = (key: string): CriterionDraft => ({ key, title: "", unit: "", start: 0, target: "", current: 0 });

export const draftOf = ({ title, description, parent_id, owner_user_id, target_date, criteria }: Goal): GoalDraft => ({
	title,
	description,
	parent_id,
	owner_user_id,
	target_date: target_date ?? "",
	criteria: criteria.map(({ percent, ...criterion }, index) => ({ key: `${index}`, ...criterion })),
});

export const beginEdit = (goal: Goal): GoalEdit => ({ version: goal.version, base: draftOf(goal), draft: draftOf(goal) });

type Fields = Omit<CreateGoalInput, "status">;

/** As it is sent. */
export const fieldsOf = ({ target_date, criteria, ...draft }: GoalDraft): Fields => ({
	...draft,
	target_date: target_date === "" ? null : target_date,
	criteria: criteria.map(({ key, start, target, current, ...words }) => ({
		...words,
		start: Number(start),
		target: Number(target),
		current: Number(current),
	})),
});

/** Only what differs between two drafts, so that what others changed meanwhile stays. */
export const changesBetween = (before: GoalDraft, after: GoalDraft): UpdateGoalInput => {
	const [was, is] = [fieldsOf(before), fieldsOf(after)];
	return Object.fromEntries(
		Object.entries(is).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(was[key as keyof Fields])),
	);
};

/** What was typed between sending a draft and its being saved, as an edit of what was saved; null: nothing. */
export const typedMeanwhile = (saved: Goal, sent: GoalDraft, now: GoalDraft): GoalEdit | null => {
	const typed = Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(sent[key as keyof GoalDraft]));
	const edit = beginEdit(saved);
	return typed.length === 0 ? null : { ...edit, draft: { ...edit.draft, ...Object.fromEntries(typed) } };
};

export const isChanged = ({ base, draft }: GoalEdit): boolean => Object.keys(changesBetween(base, draft)).length > 0;
