import type { ContextSnapshot } from "@agentplanner/contracts";
import { agentRequests, agentResponses, and, desc, eq, inArray, planNodes, plans, projects, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";

const historyLength = 5;
const historyTextLength = 4_000;

// Half of a surrogate pair would be refused by jsonb.
const cut = (text: string) =>
	text.length > historyTextLength ? `${text.slice(0, historyTextLength).replace(/[\ud800-\udbff]$/, "")}…` : text;

type Ancestor = { id: string; kind: "phase" | "task" | "milestone"; title: string; agent_instructions: string };

/** What an agent is told about a node: itself, its ancestors from the root down, and the last requests on it with their answers. */
export const buildContextSnapshot = async (
	ctx: ProjectContext,
	nodeId: string,
	exceptRequestId: string | null,
): Promise<ContextSnapshot> => {
	const [found] = await ctx.db
		.select({
			project: { id: projects.id, name: projects.name },
			plan: { id: plans.id, title: plans.title, description: plans.description },
			node: planNodes,
		})
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.innerJoin(projects, eq(projects.id, planNodes.projectId))
		.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.id, nodeId)));
	if (!found) throw new NotFoundError("node");
	const { project, plan, node } = found;

	const ancestors = await ctx.db.execute<Ancestor & Record<string, unknown>>(sql`
		with recursive up as (
			select id, parent_id, kind, title, agent_instructions, 0 as height from plan_nodes where project_id = ${ctx.projectId} and id = ${node.parentId}
			union all
			select n.id, n.parent_id, n.kind, n.title, n.agent_instructions, up.height + 1
			from plan_nodes n join up on n.id = up.parent_id where up.height < 100
		)
		select id, kind, title, agent_instructions from up order by height desc`);

	const earlier = await ctx.db
		.select()
		.from(agentRequests)
		.where(and(eq(agentRequests.projectId, ctx.projectId), eq(agentRequests.nodeId, nodeId)))
		.orderBy(desc(agentRequests.id))
		.limit(historyLength + 1);
	const shown = earlier.filter((request) => request.id !== exceptRequestId).slice(0, historyLength);
	const answers =
		shown.length === 0
			? []
			: await ctx.db
					.select()
					.from(agentResponses)
					.where(
						and(
							eq(agentResponses.kind, "answer"),
							inArray(
								agentResponses.agentRequestId,
								shown.map((request) => request.id),
							),
						),
					)
					.orderBy(agentResponses.id);

	return {
		project,
		plan: { ...plan, description: cut(plan.description) },
		node: {
			id: node.id,
			kind: node.kind,
			title: node.title,
			status: node.status,
			agent_instructions: node.agentInstructions,
			acceptance_criteria: node.acceptanceCriteria,
			due_at: node.dueAt?.toISOString() ?? null,
		},
		ancestors: ancestors.rows.map(({ id, kind, title, agent_instructions }) => ({
			id,
			kind,
			title,
			agent_instructions: cut(agent_instructions),
		})),
		history: shown.map((request) => ({
			agent_request_id: request.id,
			question: cut(request.question),
			status: request.status,
			asked_at: request.createdAt.toISOString(),
			answers: answers
				.filter((answer) => answer.agentRequestId === request.id)
				.map((answer) => ({ from: answer.respondentName, text: cut(answer.text), answered_at: answer.createdAt.toISOString() })),
		})),
	};
};
