import type { Plan, PlanTreeNode } from "@agentplanner/contracts";
import { useMutation, useMutationState, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { buildTree } from "../../lib/tree.ts";
import { applyChange, type Change } from "./changes.ts";
import { describeChange } from "./describe-change.ts";
import { locate, type Place, type Step, standsAt, steps } from "./moves.ts";
import { saveChange } from "./save-change.ts";

const noStep: Record<Step, string> = {
	up: "is the first here already",
	down: "is the last here already",
	in: "has no row above it to go under",
	out: "is on the top level already",
};

/** Changes of one plan's shape, and undoing them, go one after the other: each builds on what the one before left. */
export const changesOf = (plan: Plan) => ({ id: `change-plan-${plan.id}` });

type Watcher = {
	onMove: (nodeId: string, place: Place) => void;
	/** What was done, and the id to undo it by. */
	onDone: (change: Change, said: string, changeId: string) => void;
	/** Refused, and shown as it was again. Why one move was is shown at its row instead. */
	onRefused: (change: Change, error: Error) => void;
};

/** The plan's tree as it will be once the changes under way are saved. What is refused drops out again and says why. */
export const useChanges = (plan: Plan, nodes: PlanTreeNode[], { onMove, onDone, onRefused }: Watcher) => {
	const client = useQueryClient();
	const [refusal, setRefusal] = useState<{ nodeId: string; error: Error } | null>(null);
	const [announcement, setAnnouncement] = useState("");
	const mutationKey = ["change-plan", plan.id];
	const { mutate } = useMutation({
		mutationKey,
		scope: changesOf(plan),
		mutationFn: ({ change }: { change: Change; said: string }) => saveChange(client, plan, change),
		onMutate: () => setRefusal(null),
		onSuccess: (changeId, { change, said }) => {
			if (changeId !== null) onDone(change, said, changeId);
		},
		onError: (error, { change }) => {
			const [nodeId, ...others] = change.ids;
			if (change.kind === "move" && nodeId !== undefined && others.length === 0) setRefusal({ nodeId, error });
			else onRefused(change, error);
		},
	});
	const pending = useMutationState({
		filters: { mutationKey, status: "pending" },
		select: ({ state }) => (state.variables as { change: Change }).change,
	});
	const savedTree = useMemo(() => buildTree(nodes), [nodes]);
	const tree = useMemo(() => pending.reduce(applyChange, savedTree), [savedTree, pending]);

	const change = (wanted: Change) => {
		const said = describeChange(tree, wanted);
		setAnnouncement(`${said}.`);
		mutate({ change: wanted, said });
	};
	const move = (nodeId: string, place: Place) => {
		const wanted: Change = { kind: "move", ids: [nodeId], place };
		const spot = locate(applyChange(tree, wanted), nodeId);
		if (spot === null || standsAt(tree, { nodeId, place })) return;
		change(wanted);
		const under = spot.parent === null ? "on the top level" : `under ${spot.parent.node.title}`;
		const title = spot.siblings[spot.index]?.node.title;
		setAnnouncement(`${title}: moved to place ${spot.index + 1} of ${spot.siblings.length} ${under}.`);
		onMove(nodeId, place);
	};
	const step = (node: PlanTreeNode, direction: Step) => {
		const place = steps[direction](tree, node.id);
		if (place === null) setAnnouncement(`${node.title} ${noStep[direction]}.`);
		else move(node.id, place);
	};
	return { tree, change, move, step, moving: pending.length > 0, refusal, announcement };
};
