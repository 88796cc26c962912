import type { DocumentNode } from "@agentplanner/contracts";
import { planNodeLabels, planNodes, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { portions } from "./portions.ts";
import { freshPositions } from "./position.ts";

/**
 * Fills a plan that has no nodes yet; parents come before what stands under them, siblings in their order. Answers with their ids by
 * those in the document.
 */
export const insertNodes = async (tx: Tx<ProjectContext>, planId: string, nodes: DocumentNode[]): Promise<Map<string, string>> => {
	const ids = await makeIds(tx, nodes);
	const positions = positionsOf(nodes);
	const rows = nodes.map((node) => ({
		id: ids.get(node.id),
		projectId: tx.projectId,
		planId,
		parentId: node.parent === null ? null : ids.get(node.parent),
		position: positions.get(node) as string,
		kind: node.kind,
		title: node.title,
		status: node.status,
		blockedBy: node.status === "blocked" ? ("person" as const) : null,
		description: node.description,
		context: node.context,
		taskMode: node.task_mode,
		agentInstructions: node.agent_instructions,
		acceptanceCriteria: node.acceptance_criteria,
		dueAt: node.due_at === null ? null : new Date(node.due_at),
	}));
	for (const some of portions(rows)) await tx.db.insert(planNodes).values(some);
	const labels = nodes.flatMap((node) =>
		node.labels.map((label) => ({ projectId: tx.projectId, planId, nodeId: ids.get(node.id) ?? "", label })),
	);
	for (const some of portions(labels)) await tx.db.insert(planNodeLabels).values(some);
	return ids;
};

const makeIds = async (tx: Tx<ProjectContext>, nodes: DocumentNode[]): Promise<Map<string, string>> => {
	const { rows } = await tx.db.execute<{ id: string }>(sql`select uuidv7() as id from generate_series(1, ${nodes.length}::int)`);
	return new Map(nodes.map(({ id }, index) => [id, rows[index]?.id ?? ""]));
};

const positionsOf = (nodes: DocumentNode[]): Map<DocumentNode, string> => {
	const positions = new Map<DocumentNode, string>();
	for (const siblings of Map.groupBy(nodes, ({ parent }) => parent).values()) {
		const keys = freshPositions(siblings.length);
		for (const [index, node] of siblings.entries()) positions.set(node, keys[index] as string);
	}
	return positions;
};
