import type { ChosenNode } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { PreconditionFailedError, UnprocessableError } from "../errors.ts";
import type { NodeRow } from "./change-status.ts";
import { lockNodes } from "./lock-nodes.ts";
import { maxDepth } from "./parent.ts";

/**
 * The chosen nodes of a locked plan, locked, in the order in which the plan shows them. Throws UnprocessableError for one that is not
 * in it, and PreconditionFailedError for one that is no longer at the version named.
 */
export const lockChosen = async (tx: Tx<ProjectContext>, planId: string, chosen: ChosenNode[]): Promise<NodeRow[]> => {
	const ids = chosen.map(({ id }) => id.toLowerCase());
	const found = new Map((await lockNodes(tx, ids)).map((node) => [node.id, node]));
	for (const [index, id] of ids.entries())
		if (found.get(id)?.planId !== planId.toLowerCase())
			throw new UnprocessableError("One of the nodes is not in this plan, or was deleted. Load the plan again and repeat your change.", [
				{ field: `body.nodes.${index}.id`, message: "is not a node of this plan" },
			]);
	const stale = chosen.flatMap(({ id, version }, index) => {
		const current = found.get(id.toLowerCase())?.version;
		if (version === undefined || version === current) return [];
		return [{ field: `body.nodes.${index}.version`, message: `is ${current} now` }];
	});
	if (stale.length > 0)
		throw new PreconditionFailedError("Somebody changed some of these nodes meanwhile. Load the plan again and repeat your change.", stale);
	const order = await readOrder(tx, ids);
	return [...found.values()].sort((left, right) => compare(order.get(left.id), order.get(right.id)));
};

/** Without those that stand below another one of them, and so go along with it. */
export const topsOf = async (tx: Tx<ProjectContext>, nodes: NodeRow[]): Promise<NodeRow[]> => {
	const ids = nodes.map(({ id }) => id);
	const paths = await readPaths(tx, ids);
	const chosen = new Set(ids);
	const nested = new Set(paths.flatMap(({ node_id, above }) => (above.some((id) => chosen.has(id)) ? [node_id] : [])));
	return nodes.filter(({ id }) => !nested.has(id));
};

/** Keys that compare as the plan shows its nodes: each level's position, from the top. */
const readOrder = async (tx: Tx<ProjectContext>, ids: string[]): Promise<Map<string, string[]>> =>
	new Map((await readPaths(tx, ids)).map(({ node_id, keys }) => [node_id, keys]));

const readPaths = async (tx: Tx<ProjectContext>, ids: string[]) => {
	const { rows } = await tx.db.execute<{ node_id: string; above: string[]; keys: string[] }>(sql`
		with recursive up as (
			select id as node_id, id, parent_id, position, 0 as height from plan_nodes where id = any(${sql.param(ids)}::uuid[])
			union all
			select up.node_id, node.id, node.parent_id, node.position, up.height + 1
			from plan_nodes node join up on node.id = up.parent_id
			where up.height < ${maxDepth}
		)
		select node_id, coalesce(array_agg(id::text) filter (where height > 0), '{}') as above,
			array_agg(position || ' ' || id order by height desc) as keys
		from up group by node_id`);
	return rows;
};

const compare = (left: string[] = [], right: string[] = []): number => {
	const at = left.findIndex((key, index) => key !== right[index]);
	if (at === -1) return left.length - right.length;
	const other = right[at];
	return other === undefined || (left[at] as string) > other ? 1 : -1;
};
