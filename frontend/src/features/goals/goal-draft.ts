import type { CreateGoalInput, Goal, UpdateGoalInput } from "@agentplanner/contracts";

/** A number while it is typed. */
type Typed = number | string;
export type CriterionDraft = { key: string; title: string; unit: string; start: Typed; target: Typed; current: Typed };

/** What a form holds of a goal. */
export type GoalDraft = {
	title: string;
	description: string;
	parent_id: string | null;
	owner_user_id: string | null;
	/** "" for none. */
	target_date: string;
	criteria: CriterionDraft[];
};

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
