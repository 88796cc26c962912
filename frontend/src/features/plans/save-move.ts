import type { NodeSummary, Plan, PlanTree, PlanTreeNode } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { isProblem } from "../../lib/problems.ts";
import { moveNode, nodeQuery, planTreeQuery, showNode } from "../../queries/plans.ts";
import { type Move, standsAt } from "./moves.ts";
import { buildTree } from "./tree.ts";

/**
 * Saves one move. The version covers the whole node, so a clash may be about its text: then the move goes on top, as long as the
 * node still stands where it was seen. Resolves once the plan shows it; after a refusal the plan is read again.
 */
export const saveMove = async (client: QueryClient, plan: Plan, move: Move): Promise<void> => {
	const query = planTreeQuery(plan.project_id, plan.id);
	const shown = (): PlanTreeNode[] => client.getQueryData<PlanTree>(query.queryKey)?.nodes ?? [];
	const readNode = () => client.fetchQuery({ ...nodeQuery(plan.project_id, move.nodeId), staleTime: 0 });
	const readAgain = () => client.invalidateQueries({ queryKey: query.queryKey });
	try {
		const seen: NodeSummary = shown().find(({ id }) => id === move.nodeId) ?? (await readNode());
		const { change_id: changeId, ...saved } = await moveNode(seen, move.place).catch(async (error: unknown) => {
			if (!isProblem(error, "precondition_failed")) throw error;
			const fresh = await readNode();
			if (fresh.parent_id !== seen.parent_id || fresh.position !== seen.position) throw error;
			return moveNode(fresh, move.place);
		});
		showNode(client, saved);
	} catch (error) {
		await readAgain();
		throw error;
	}
	// Somebody moved its neighbours meanwhile, or all siblings got new keys.
	if (!standsAt(buildTree(shown()), move)) await readAgain();
};
