import { inArray, planNodes } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { readProgress } from "../plans/progress.ts";

type Target = { planId: string; nodeId: string | null };

export const keyOf = ({ planId, nodeId }: Target): string => nodeId ?? planId;

/**
 * How far the plans and nodes are, by `keyOf`: as they are anywhere; of a node with nothing below it, whether it is completed. Null where
 * nothing counts.
 */
export const readLinkPercents = async (ctx: ProjectContext, targets: Target[]): Promise<Map<string, number | null>> => {
	const planIds = (some: Target[]) => [...new Set(some.map(({ planId }) => planId))];
	const nodeIds = targets.flatMap(({ nodeId }) => (nodeId === null ? [] : [nodeId]));
	const progress = await readProgress(ctx, planIds(targets), { nodes: nodeIds.length > 0 });
	const leaves = nodeIds.filter((id) => !progress.has(id));
	const rows =
		leaves.length === 0
			? []
			: await ctx.db.select({ id: planNodes.id, status: planNodes.status }).from(planNodes).where(inArray(planNodes.id, leaves));
	const statuses = new Map(rows.map(({ id, status }) => [id, status]));
	return new Map(
		targets.map((target) => {
			const known = progress.get(keyOf(target));
			const status = statuses.get(keyOf(target));
			return [keyOf(target), known ? known.percent : status === "cancelled" ? null : status === "completed" ? 100 : 0];
		}),
	);
};
