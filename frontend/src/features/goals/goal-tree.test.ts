import type { Goal } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { type GoalBranch, goalTree, withAllBelow } from "./goal-tree.ts";

const goal = (id: string, parent_id: string | null = null) => ({ id, parent_id }) as Goal;
/** Newest first, as they are listed. */
const goals = [goal("d", "gone"), goal("c", "a"), goal("b2", "b"), goal("b", "a"), goal("a")];

test("goals stand under each other in the order they were set, and none is lost", () => {
	const drawn = (branches: GoalBranch[]): string => branches.map(({ goal: { id }, below }) => `${id}(${drawn(below)})`).join(" ");
	expect(drawn(goalTree(goals))).toBe("a(b(b2()) c()) d()");
});

test("what stands below a goal can't be its parent", () => {
	expect([...withAllBelow(goals, "b")]).toEqual(["b", "b2"]);
	expect([...withAllBelow(goals, "a")].sort()).toEqual(["a", "b", "b2", "c"]);
});
