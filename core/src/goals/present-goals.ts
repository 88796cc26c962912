import type { Goal } from "@agentplanner/contracts";
import type { goals } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { keyOf, readLinkPercents } from "./link-percents.ts";
import { criterionPercent, goalPercents } from "./progress.ts";
import { selectGoals, selectLinks } from "./queries.ts";

type GoalRow = typeof goals.$inferSelect;

/** The goals as the caller sees them, with how far they are: for that, those below them are read, too. */
export const presentGoals = async (ctx: ProjectContext, shown: GoalRow[]): Promise<Goal[]> => {
	if (shown.length === 0) return [];
	const needed = withBelow(shown, await selectGoals(ctx));
	const links = await selectLinks(
		ctx,
		needed.map(({ id }) => id),
	);
	const linkPercents = await readLinkPercents(
		ctx,
		links.map(({ link }) => link),
	);
	const linksOf = Map.groupBy(links, ({ link }) => link.goalId);
	const percentOf = (link: (typeof links)[number]["link"]) => linkPercents.get(keyOf(link)) ?? null;
	const percents = goalPercents(needed, (goalId) => (linksOf.get(goalId) ?? []).map(({ link }) => percentOf(link)));
	return shown.map((row) => ({
		id: row.id,
		project_id: row.projectId,
		parent_id: row.parentId,
		title: row.title,
		description: row.description,
		status: row.status,
		owner_user_id: row.ownerUserId,
		target_date: row.targetDate,
		criteria: row.criteria.map((criterion) => ({ ...criterion, percent: criterionPercent(criterion) })),
		links: (linksOf.get(row.id) ?? []).map(({ link, planTitle, nodeTitle }) => ({
			id: link.id,
			plan_id: link.planId,
			plan_title: planTitle,
			node_id: link.nodeId,
			node_title: nodeTitle,
			percent: percentOf(link),
		})),
		percent: percents.get(row.id) ?? null,
		version: row.version,
		created_at: row.createdAt.toISOString(),
		updated_at: row.updatedAt.toISOString(),
	}));
};

export const presentGoal = async (ctx: ProjectContext, row: GoalRow): Promise<Goal> => {
	const [goal] = await presentGoals(ctx, [row]);
	if (!goal) throw new Error("The goal was not presented.");
	return goal;
};

const withBelow = (shown: GoalRow[], all: GoalRow[]): GoalRow[] => {
	const below = Map.groupBy(all, ({ parentId }) => parentId);
	const needed = new Map<string, GoalRow>();
	const take = (goal: GoalRow) => {
		if (needed.has(goal.id)) return;
		needed.set(goal.id, goal);
		for (const child of below.get(goal.id) ?? []) take(child);
	};
	for (const goal of shown) take(goal);
	return [...needed.values()];
};
