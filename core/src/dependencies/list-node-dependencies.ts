import type { NodeDependency } from "@agentplanner/contracts";
import { planNodeDependencies, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import type { PageInput } from "../pagination.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { readDependencies } from "./read-dependencies.ts";

/** What a node waits for, blocks and relates to, newest first; without what the caller doesn't see. Throws NotFoundError. */
export const listNodeDependencies = async (
	ctx: ProjectContext,
	nodeId: string,
	query: PageInput,
): Promise<{ items: NodeDependency[]; next_cursor: string | null }> => {
	const { id } = await authorizeNode(ctx, "plans:read", nodeId);
	const { upstreamId, downstreamId } = planNodeDependencies;
	return readDependencies(ctx, sql`(${upstreamId} = ${id} or ${downstreamId} = ${id})`, query, (row, { upstream, downstream }) => {
		const isDownstream = row.downstreamId === id;
		return {
			id: row.id,
			relation: row.kind === "relates_to" ? "relates_to" : isDownstream ? "blocked_by" : "blocks",
			node: isDownstream ? upstream : downstream,
			created_at: row.createdAt.toISOString(),
		};
	});
};
