import type { DocumentNode, Plan, PlanDocument, PlanNode } from "@agentplanner/contracts";

/** What people wrote into a plan: its nodes depth first, each with its number in place of its id. */
export const documentOf = ({ plan, nodes }: { plan: Plan; nodes: PlanNode[] }): PlanDocument => {
	const byParent = Map.groupBy(nodes, ({ parent_id }) => parent_id);
	const under = (parentId: string | null, parent: string | null): DocumentNode[] =>
		(byParent.get(parentId) ?? []).flatMap((node, index) => {
			const id = parent === null ? `${index + 1}` : `${parent}.${index + 1}`;
			const { kind, title, status, description, context, labels, task_mode, agent_instructions, acceptance_criteria, due_at } = node;
			const texts = { description, context, labels, task_mode, agent_instructions, acceptance_criteria };
			return [{ id, parent, kind, title, status, ...texts, due_at }, ...under(node.id, id)];
		});
	const { title, description } = plan;
	return { format: "agentplanner.plan", format_version: 1, plan: { title, description }, nodes: under(null, null) };
};
