import type { DocumentNode, Plan, PlanDocument, PlanNode } from "@agentplanner/contracts";
import type { InnerDependency } from "../dependencies/read-inner-dependencies.ts";

/** What people wrote into a plan: its nodes depth first, each with its number in place of its id. */
export const documentOf = ({ plan, nodes }: { plan: Plan; nodes: PlanNode[] }, dependencies: InnerDependency[]): PlanDocument => {
	const places = placesOf(nodes);
	const linksOf = linksBetween(places, dependencies);
	const { title, description, status } = plan;
	return {
		format: "agentplanner.plan",
		format_version: 1,
		plan: { title, description, status },
		nodes: [...places.values()].map(({ id, parent, node }) => {
			const { kind, title, status, description, context, labels, task_mode, agent_instructions, acceptance_criteria, due_at } = node;
			const texts = { description, context, labels, task_mode, agent_instructions, acceptance_criteria };
			return { id, parent, kind, title, status, ...texts, due_at, ...linksOf(node.id) };
		}),
	};
};

type Place = { id: string; parent: string | null; index: number; node: PlanNode };

/** Where each node stands in the document, in its order. */
const placesOf = (nodes: PlanNode[]): Map<string, Place> => {
	const byParent = Map.groupBy(nodes, ({ parent_id }) => parent_id);
	const places = new Map<string, Place>();
	const visit = (parentId: string | null, parent: string | null): void => {
		for (const [index, node] of (byParent.get(parentId) ?? []).entries()) {
			const id = parent === null ? `${index + 1}` : `${parent}.${index + 1}`;
			places.set(node.id, { id, parent, index: places.size, node });
			visit(node.id, id);
		}
	};
	visit(null, null);
	return places;
};

/** What a node waits for, and what it relates to that comes before it in the document. */
const linksBetween = (places: Map<string, Place>, dependencies: InnerDependency[]) => {
	const links = dependencies.flatMap(({ kind, upstreamId, downstreamId }) => {
		const [upstream, downstream] = [places.get(upstreamId), places.get(downstreamId)];
		if (!upstream || !downstream) return [];
		const turned = kind === "relates_to" && downstream.index < upstream.index;
		return [turned ? { kind, at: upstream, to: downstream } : { kind, at: downstream, to: upstream }];
	});
	const byNode = Map.groupBy(
		links.sort((one, other) => one.to.index - other.to.index),
		({ at }) => at.node.id,
	);
	return (nodeId: string): Pick<DocumentNode, "waits_for" | "relates_to"> => {
		const idsOf = (kind: InnerDependency["kind"]) => (byNode.get(nodeId) ?? []).flatMap((link) => (link.kind === kind ? [link.to.id] : []));
		return { waits_for: idsOf("blocks"), relates_to: idsOf("relates_to") };
	};
};
