import type { CreateGoalInput, CreateGoalLinkInput, Goal, UpdateGoalInput } from "@agentplanner/contracts";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

const listInput = (projectId: string, query: { cursor?: string; plan_id?: string } = {}) => ({
	params: { projectId },
	query: { limit: 200, ...query },
	headers: {},
});

/** All goals of the project, newest first: a tree can't be drawn from a page of it. */
export const goalsQuery = (projectId: string) =>
	queryOptions({
		queryKey: [...apiQueries.goals.listGoals.queryKey({ input: listInput(projectId) }), "all"],
		queryFn: async ({ signal }) => {
			const goals: Goal[] = [];
			let cursor: string | null = null;
			do {
				const page: { items: Goal[]; next_cursor: string | null } = await api.goals.listGoals(
					listInput(projectId, cursor === null ? {} : { cursor }),
					{ signal },
				);
				goals.push(...page.items);
				cursor = page.next_cursor;
			} while (cursor !== null);
			return goals;
		},
	});

/** Those that the plan, or a node of it, leads to. */
export const planGoalsQuery = (projectId: string, planId: string) =>
	apiQueries.goals.listGoals.queryOptions({ input: listInput(projectId, { plan_id: planId }) });

export const readGoal = ({ id, project_id }: Goal) => api.goals.getGoal({ params: { projectId: project_id, goalId: id }, ...nothing });

export const createGoal = (projectId: string, body: Partial<CreateGoalInput> & Pick<CreateGoalInput, "title">, idempotencyKey: string) =>
	api.goals.createGoal({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

/** Changes the goal as the editor saw it, at its version. */
export const updateGoal = ({ id, project_id, version }: Pick<Goal, "id" | "project_id" | "version">, body: UpdateGoalInput) =>
	api.goals.updateGoal({ params: { projectId: project_id, goalId: id }, query: {}, headers: { "if-match": `"${version}"` }, body });

export const deleteGoal = ({ id, project_id }: Goal) => api.goals.deleteGoal({ params: { projectId: project_id, goalId: id }, ...nothing });

export const restoreGoal = ({ id, project_id }: Goal) =>
	api.goals.restoreGoal({ params: { projectId: project_id, goalId: id }, ...nothing });

export const linkGoal = ({ id, project_id }: Goal, body: CreateGoalLinkInput) =>
	api.goals.linkGoal({ params: { projectId: project_id, goalId: id }, ...nothing, body });

export const unlinkGoal = ({ id, project_id }: Goal, linkId: string) =>
	api.goals.unlinkGoal({ params: { projectId: project_id, goalId: id, linkId }, ...nothing });

/** Shows at once what a change made of a goal, and of those above it. */
export const refreshGoals = (client: QueryClient, projectId: string): Promise<void> =>
	client.invalidateQueries({ queryKey: apiQueries.goals.listGoals.key({ input: { params: { projectId } } }) });
