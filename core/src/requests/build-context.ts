import type { ContextSnapshot } from "@agentplanner/contracts";
import { agentRequests, and, desc, eq, planNodes, plans, projects, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";

const historyLength = 5;
const historyTextLength = 4_000;

// Half of a surrogate pair would be refused by jsonb.
const cut = (text: string) =>
	text.length > historyTextLength ? `${text.slice(0, historyTextLength).replace(/[\ud800-\udbff]$/, "")}…` : text;

/** What an agent is told about a node: itself, its ancestors from the root down, and the last requests on it with their answers. */
export const buildContextSnapshot = async (
	ctx: ProjectContext,
	nodeId: string,
	exceptRequestId: string | null,
): Promise<ContextSnapshot> => {
	const findingNode = ctx.db
		.select({
			project: { id: projects.id, name: projects.name },
			plan: { id: plans.id, title: plans.title, description: plans.description },
			node: planNodes,
			ancestors,
		})
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.innerJoin(projects, eq(projects.id, planNodes.projectId))
		.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.id, nodeId)));
	const findingEarlier = ctx.db
		.select({
			id: agentRequests.id,
			question: agentRequests.question,
			status: agentRequests.status,
			createdAt: agentRequests.createdAt,
			answers,
		})
		.from(agentRequests)
		// A node that isn't in the project is refused below; its id alone lets the index give the last ones, however many there are.
		.where(eq(agentRequests.nodeId, nodeId))
		.orderBy(desc(agentRequests.id))
		.limit(historyLength + 1);
	const [[found], earlier] = await Promise.all([findingNode, findingEarlier]);
	if (!found) throw new NotFoundError("node");
	const { project, plan, node } = found;

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
		ancestors: found.ancestors.map((ancestor) => ({ ...ancestor, agent_instructions: cut(ancestor.agent_instructions) })),
		history: earlier
			.filter(({ id }) => id !== exceptRequestId)
			.slice(0, historyLength)
			.map((request) => ({
				agent_request_id: request.id,
				question: cut(request.question),
				status: request.status,
				asked_at: request.createdAt.toISOString(),
				answers: request.answers.map(({ from, text, answered_at }) => ({
					from,
					text: cut(text),
					answered_at: new Date(answered_at).toISOString(),
				})),
			})),
	};
};

/** From the root down. */
const ancestors = sql<ContextSnapshot["ancestors"]>`(
	with recursive up as (
		select n.id, n.parent_id, n.kind, n.title, n.agent_instructions, 0 as height
		from plan_nodes n where n.project_id = plan_nodes.project_id and n.id = plan_nodes.parent_id
		union all
		select n.id, n.parent_id, n.kind, n.title, n.agent_instructions, up.height + 1
		from plan_nodes n join up on n.id = up.parent_id where up.height < 100
	)
	select coalesce(jsonb_agg(
		jsonb_build_object('id', id, 'kind', kind, 'title', title, 'agent_instructions', agent_instructions) order by height desc
	), '[]') from up
)`;

/** In the order in which they came. */
const answers = sql<ContextSnapshot["history"][number]["answers"]>`(
	select coalesce(jsonb_agg(jsonb_build_object('from', a.respondent_name, 'text', a.text, 'answered_at', a.created_at) order by a.id), '[]')
	from agent_responses a where a.agent_request_id = agent_requests.id and a.kind = 'answer'
)`;
