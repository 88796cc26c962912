import type { DistantNode } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { UnprocessableError } from "../errors.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { readLinkedNodes } from "./linked-node.ts";
import { walkFrom } from "./read-reach.ts";
import type { Direction } from "./walk.ts";

export type DistantNodes = { items: DistantNode[]; next_cursor: string | null; total: number; hidden_count: number; truncated: boolean };

/**
 * One page of what lies up- or downstream of a node, the nearest first. Throws NotFoundError, and UnprocessableError for a cursor whose
 * node is not in the list.
 */
export const listDistant = async (ctx: ProjectContext, nodeId: string, direction: Direction, query: PageInput): Promise<DistantNodes> => {
	const { id } = await authorizeNode(ctx, "plans:read", nodeId);
	const { reached, truncated } = await walkFrom(ctx, id, direction);
	const nodes = await readLinkedNodes(
		ctx,
		reached.map((visit) => visit.nodeId),
	);
	const seen = reached.flatMap(({ nodeId, distance }) => {
		const node = nodes.get(nodeId);
		return node === undefined ? [] : [{ ...node, distance }];
	});
	const cursor = cursorId(query)?.toLowerCase();
	const start = cursor === undefined ? 0 : seen.findIndex((node) => node.id === cursor) + 1;
	if (cursor !== undefined && start === 0)
		throw new UnprocessableError("The node that the last page ended with is no longer in this list. Start again without a cursor.", [
			{ field: "query.cursor", message: "is no longer in this list" },
		]);
	return {
		...toPage(seen.slice(start), query.limit, (node) => node),
		total: seen.length,
		hidden_count: reached.length - seen.length,
		truncated,
	};
};
