import type { GoalCriterionInput } from "@agentplanner/contracts";
import type { goals } from "@agentplanner/db";

type GoalRow = typeof goals.$inferSelect;

/** Whole percent, and 100 only when there is nothing left. */
const percent = (part: number): number => Math.floor(Math.min(1, Math.max(0, part)) * 100);

export const criterionPercent = ({ start, target, current }: GoalCriterionInput): number => percent((current - start) / (target - start));

/**
 * How far each goal is, as `Goal.percent` in contracts/ says: the one place where it is counted. `linkPercents` are those of each goal's
 * links, null where nothing can be counted.
 */
export const goalPercents = (all: GoalRow[], linkPercents: (goalId: string) => (number | null)[]): Map<string, number | null> => {
	const below = Map.groupBy(all, ({ parentId }) => parentId);
	const known = new Map<string, number | null>();
	const count = (goal: GoalRow): number | null => {
		const children = (below.get(goal.id) ?? []).map((child) => ({ child, at: count(child) }));
		const counted = children.flatMap(({ child, at }) => (child.status === "draft" || child.status === "abandoned" ? [] : [at]));
		const parts = [...goal.criteria.map(criterionPercent), ...linkPercents(goal.id), ...counted].filter((part) => part !== null);
		const mean = parts.length === 0 ? null : Math.floor(parts.reduce((sum, part) => sum + part, 0) / parts.length);
		const at = goal.status === "achieved" ? 100 : mean;
		known.set(goal.id, at);
		return at;
	};
	for (const goal of all) if (!known.has(goal.id)) count(goal);
	return known;
};
