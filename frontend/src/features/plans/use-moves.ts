import type { Plan, PlanTreeNode } from "@agentplanner/contracts";
import { useMutation, useMutationState, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { applyMove, locate, type Move, type Place, type Step, standsAt, steps } from "./moves.ts";
import { saveMove } from "./save-move.ts";
import { buildTree } from "./tree.ts";

const noStep: Record<Step, string> = {
	up: "is the first here already",
	down: "is the last here already",
	in: "has no row above it to go under",
	out: "is on the top level already",
};

/** The plan's tree as it will be once the moves under way are saved. What is refused drops out again and says why. */
export const useMoves = (plan: Plan, nodes: PlanTreeNode[], onMove: (move: Move) => void) => {
	const client = useQueryClient();
	const [refusal, setRefusal] = useState<{ nodeId: string; error: Error } | null>(null);
	const [announcement, setAnnouncement] = useState("");
	const mutationKey = ["move-node", plan.id];
	const { mutate } = useMutation({
		mutationKey,
		// One after the other: each place is given by what the one before left.
		scope: { id: `move-node-${plan.id}` },
		mutationFn: (sent: Move) => saveMove(client, plan, sent),
		onMutate: () => setRefusal(null),
		onError: (error, { nodeId }) => setRefusal({ nodeId, error }),
	});
	const pending = useMutationState({
		filters: { mutationKey, status: "pending" },
		select: ({ state }) => state.variables as Move,
	});
	const savedTree = useMemo(() => buildTree(nodes), [nodes]);
	const tree = useMemo(() => pending.reduce(applyMove, savedTree), [savedTree, pending]);

	const move = (nodeId: string, place: Place) => {
		const spot = locate(applyMove(tree, { nodeId, place }), nodeId);
		if (spot === null || standsAt(tree, { nodeId, place })) return;
		const under = spot.parent === null ? "on the top level" : `under ${spot.parent.node.title}`;
		const title = spot.siblings[spot.index]?.node.title;
		setAnnouncement(`${title}: moved to place ${spot.index + 1} of ${spot.siblings.length} ${under}.`);
		onMove({ nodeId, place });
		mutate({ nodeId, place });
	};
	const step = (node: PlanTreeNode, direction: Step) => {
		const place = steps[direction](tree, node.id);
		if (place === null) setAnnouncement(`${node.title} ${noStep[direction]}.`);
		else move(node.id, place);
	};
	return { tree, move, step, moving: pending.length > 0, refusal, announcement };
};
