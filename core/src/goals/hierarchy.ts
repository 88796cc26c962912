import { maxGoalDepth } from "@agentplanner/contracts";
import type { goals } from "@agentplanner/db";
import { UnprocessableError } from "../errors.ts";

type GoalRow = typeof goals.$inferSelect;

const refuse = (detail: string, message: string) => new UnprocessableError(detail, [{ field: "body.parent_id", message }]);

/** Throws UnprocessableError unless the goal (null: a new one) can stand below that parent: there is one, no circle, and room. */
export const assertPlace = (all: GoalRow[], goalId: string | null, parentId: string | null): void => {
	const byId = new Map(all.map((goal) => [goal.id, goal]));
	let level = 0;
	for (let id = parentId; id !== null; id = byId.get(id)?.parentId ?? null) {
		if (!byId.has(id)) throw refuse("The parent is no goal of this project. Choose another one, or none.", "is not a goal of this project");
		if (id === goalId)
			throw refuse("A goal can't stand below itself. Choose a parent that isn't below it.", "is this goal, or stands below it");
		level += 1;
	}
	if (level + (goalId === null ? 1 : levelsOf(all, goalId)) > maxGoalDepth)
		throw refuse(`Goals are at most ${maxGoalDepth} levels deep. Choose a parent further up.`, "leaves no room below it");
};

const levelsOf = (all: GoalRow[], goalId: string): number => {
	const below = Map.groupBy(all, ({ parentId }) => parentId);
	const count = (id: string): number => 1 + Math.max(0, ...(below.get(id) ?? []).map((child) => count(child.id)));
	return count(goalId);
};
