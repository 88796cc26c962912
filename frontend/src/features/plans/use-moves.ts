import type { Plan } from "@agentplanner/contracts";
import { useMutation, useMutationState, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Move } from "./moves.ts";
import { saveMove } from "./save-move.ts";

/** Moves under way, oldest first, to be shown as if they were made; what is refused drops out again and says why. */
export const useMoves = (plan: Plan) => {
	const client = useQueryClient();
	const [refusal, setRefusal] = useState<{ nodeId: string; error: Error } | null>(null);
	const mutationKey = ["move-node", plan.id];
	const { mutate } = useMutation({
		mutationKey,
		// One after the other: each place is given by what the one before left.
		scope: { id: `move-node-${plan.id}` },
		mutationFn: (move: Move) => saveMove(client, { projectId: plan.project_id, planId: plan.id }, move),
		onMutate: () => setRefusal(null),
		onError: (error, { nodeId }) => setRefusal({ nodeId, error }),
	});
	const pending = useMutationState({
		filters: { mutationKey, status: "pending" },
		select: ({ state }) => state.variables as Move,
	});
	return { move: mutate, pending, refusal };
};
