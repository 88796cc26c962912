import type { NodeSummary, Plan, PlanTree, PlanTreeNode } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { isProblem } from "../../lib/problems.ts";
import { buildTree } from "../../lib/tree.ts";
import { deleteNodes, moveNode, moveNodes, nodeQuery, planTreeQuery, setNodeStatuses, showNode } from "../../queries/plans.ts";
import { type Change, movesOf } from "./changes.ts";
import { type Move, standsAt } from "./moves.ts";

/** Saves a change and resolves once the plan shows it, with the id to undo it by; null where nothing had to change. */
export const saveChange = (client: QueryClient, plan: Plan, change: Change): Promise<string | null> => {
	const [move, ...others] = change.kind === "move" ? movesOf(change.ids, change.place) : [];
	return move !== undefined && others.length === 0 ? saveMove(client, plan, move) : saveMany(client, plan, change);
};

/**
 * Saves one move. The version covers the whole node, so a clash may be about its text: then the move goes on top, as long as the
 * node still stands where it was seen. After a refusal the plan is read again.
 */
const saveMove = async (client: QueryClient, plan: Plan, move: Move): Promise<string | null> => {
	const query = planTreeQuery(plan.project_id, plan.id);
	const shown = (): PlanTreeNode[] => client.getQueryData<PlanTree>(query.queryKey)?.nodes ?? [];
	const readNode = () => client.fetchQuery({ ...nodeQuery(plan.project_id, move.nodeId), staleTime: 0 });
	const readAgain = () => client.invalidateQueries({ queryKey: query.queryKey });
	let changeId: string | null;
	try {
		const seen: NodeSummary = shown().find(({ id }) => id === move.nodeId) ?? (await readNode());
		const { change_id, ...saved } = await moveNode(seen, move.place).catch(async (error: unknown) => {
			if (!isProblem(error, "precondition_failed")) throw error;
			const fresh = await readNode();
			if (!isWhereItWas(seen, fresh)) throw error;
			return moveNode(fresh, move.place);
		});
		changeId = change_id;
		showNode(client, saved);
	} catch (error) {
		await readAgain();
		throw error;
	}
	// Somebody moved its neighbours meanwhile, or all siblings got new keys.
	if (!standsAt(buildTree(shown()), move)) await readAgain();
	return changeId;
};

/** Saves a change of many nodes: of all or of none. It goes on top of edits that are no business of its own, as one move does. */
const saveMany = async (client: QueryClient, plan: Plan, change: Change): Promise<string | null> => {
	const query = planTreeQuery(plan.project_id, plan.id);
	const ids = new Set(change.ids);
	const chosenIn = (tree: PlanTree | undefined) =>
		new Map((tree?.nodes ?? []).filter(({ id }) => ids.has(id)).map((node) => [node.id, node]));
	const send = (known: ReadonlyMap<string, PlanTreeNode>) => {
		const nodes = change.ids.map((id) => {
			const version = known.get(id)?.version;
			return version === undefined ? { id } : { id, version };
		});
		switch (change.kind) {
			case "move":
				return moveNodes(plan, { nodes, ...change.place });
			case "delete":
				return deleteNodes(plan, { nodes });
			case "status":
				return setNodeStatuses(plan, { nodes, status: change.status });
		}
	};
	try {
		const seen = chosenIn(client.getQueryData<PlanTree>(query.queryKey));
		const saved = await send(seen).catch(async (error: unknown) => {
			if (!isProblem(error, "precondition_failed")) throw error;
			const fresh = chosenIn(await client.fetchQuery({ ...query, staleTime: 0 }));
			if (!change.ids.every((id) => mayGoOnTop[change.kind](seen.get(id), fresh.get(id)))) throw error;
			return send(fresh);
		});
		return saved.change?.id ?? null;
	} finally {
		await client.invalidateQueries({ queryKey: query.queryKey });
	}
};

type Placed = Pick<NodeSummary, "parent_id" | "position">;
const isWhereItWas = (seen: Placed | undefined, fresh: Placed | undefined): boolean =>
	seen !== undefined && seen.parent_id === fresh?.parent_id && seen.position === fresh.position;

type Seen = PlanTreeNode | undefined;
const mayGoOnTop: Record<Change["kind"], (seen: Seen, fresh: Seen) => boolean> = {
	move: isWhereItWas,
	status: (seen, fresh) => seen !== undefined && seen.status === fresh?.status,
	// What somebody has just worked on is deleted only by whoever has seen that.
	delete: () => false,
};
