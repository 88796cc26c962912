import type { Goal } from "@agentplanner/contracts";

export type GoalBranch = { goal: Goal; below: GoalBranch[] };

/** Goals under each other, in the order they were set; one whose parent isn't there stands at the top. */
export const goalTree = (goals: Goal[]): GoalBranch[] => {
	const known = new Set(goals.map(({ id }) => id));
	const parentOf = ({ parent_id }: Goal) => (parent_id !== null && known.has(parent_id) ? parent_id : null);
	const byParent = Map.groupBy(goals.toReversed(), parentOf);
	const under = (parentId: string | null): GoalBranch[] => (byParent.get(parentId) ?? []).map((goal) => ({ goal, below: under(goal.id) }));
	return under(null);
};

/** All that stands below a goal, with itself: none of it can be its parent. */
export const withAllBelow = (goals: Goal[], goalId: string): ReadonlySet<string> => {
	const byParent = Map.groupBy(goals, ({ parent_id }) => parent_id);
	const found = new Set<string>();
	const take = (id: string) => {
		found.add(id);
		for (const child of byParent.get(id) ?? []) take(child.id);
	};
	take(goalId);
	return found;
};
