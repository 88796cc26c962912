import type { ContextSnapshot } from "@agentplanner/contracts";
import { and, eq, type Given, planNodes, plans, prepared, projects, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";

const historyLength = 5;
const historyTextLength = 4_000;

// Half of a surrogate pair would be refused by jsonb.
const cut = (text: string) =>
	text.length > historyTextLength ? `${text.slice(0, historyTextLength).replace(/[\ud800-\udbff]$/, "")}…` : text;

type Subject = { nodeId: string } | { requestId: string };

type Asked = Given<{ projectId: string; nodeId: string | null; requestId: string | null }>;

const findNode = prepared((db, { projectId, nodeId, requestId }: Asked) =>
	db
		.select({
			project: { id: projects.id, name: projects.name },
			plan: { id: plans.id, title: plans.title, description: plans.description },
			node: {
				id: planNodes.id,
				kind: planNodes.kind,
				title: planNodes.title,
				status: planNodes.status,
				task_mode: planNodes.taskMode,
				labels,
				description: planNodes.description,
				context: planNodes.context,
				agent_instructions: planNodes.agentInstructions,
				acceptance_criteria: planNodes.acceptanceCriteria,
				due_at: planNodes.dueAt,
			},
			ancestors,
			history: historyWithout(requestId),
		})
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.innerJoin(projects, eq(projects.id, planNodes.projectId))
		.where(
			and(
				eq(planNodes.projectId, projectId),
				eq(planNodes.id, sql`coalesce(${nodeId}::uuid, (select node_id from agent_requests where id = ${requestId}))`),
				// What was asked before its node was deleted is sent all the same.
				sql`(${planNodes.deletedAt} is null or ${nodeId}::uuid is null)`,
			),
		),
);

/**
 * What an agent is told about a node: itself, its ancestors from the root down, and the last requests on it with their answers. Of a
 * request: about its node, without the request itself.
 */
export const buildContextSnapshot = async (ctx: ProjectContext, subject: Subject): Promise<ContextSnapshot> => {
	const [found] = await findNode(ctx.db, { projectId: ctx.projectId, nodeId: null, requestId: null, ...subject });
	if (!found) throw new NotFoundError("node");
	const { project, plan, node } = found;

	return {
		project,
		plan: { ...plan, description: cut(plan.description) },
		node: { ...node, due_at: node.due_at?.toISOString() ?? null },
		ancestors: found.ancestors.map((ancestor) => ({ ...ancestor, agent_instructions: cut(ancestor.agent_instructions) })),
		history: found.history.map(({ answers, ...earlier }) => ({
			...earlier,
			question: cut(earlier.question),
			asked_at: new Date(earlier.asked_at).toISOString(),
			answers: answers.map(({ from, text, answered_at }) => ({
				from,
				text: cut(text),
				answered_at: new Date(answered_at).toISOString(),
			})),
		})),
	};
};

const labels = sql<string[]>`array(
	select l.label::text from plan_node_labels l where l.plan_id = plan_nodes.plan_id and l.node_id = plan_nodes.id order by l.label
)`;

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

/** Newest first; the answers in the order in which they came. */
const historyWithout = (requestId: Asked["requestId"]) => sql<ContextSnapshot["history"]>`(
	select coalesce(jsonb_agg(jsonb_build_object(
		'agent_request_id', id, 'question', question, 'status', status, 'asked_at', created_at, 'answers', (
			select coalesce(jsonb_agg(jsonb_build_object('from', a.respondent_name, 'text', a.text, 'answered_at', a.created_at) order by a.id), '[]')
			from agent_responses a where a.agent_request_id = earlier.id and a.kind = 'answer'
		)
	) order by id desc), '[]')
	from (
		select id, question, status, created_at from agent_requests r
		where r.node_id = plan_nodes.id and r.id is distinct from ${requestId}::uuid
		order by id desc limit ${historyLength}
	) earlier
)`;
