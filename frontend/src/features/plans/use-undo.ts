import type { Plan } from "@agentplanner/contracts";
import { matchMutation, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { describeError, isProblem } from "../../lib/problems.ts";
import { planTreeQuery, undoPlanChange } from "../../queries/plans.ts";
import { changesOf } from "./use-changes.ts";

type Word = { said: string; tone: "done" | "refused"; undoable: boolean };

/** What to tell after a change. `undoable`: it can be taken back; `key`: one word may come twice. */
export type News = Word & { key: number };

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** The key of what changes a node and can't be undone. */
export const editsIn = (planId: string) => ["edit-node", planId];

/** What was done here since the page was opened, to be undone one by one, the last first; an edit that can't be undone ends that. */
export const useUndo = (plan: Plan) => {
	const client = useQueryClient();
	const done = useRef<{ said: string; changeId: string }[]>([]);
	const [news, setNews] = useState<News | null>(null);
	const tell = (word: Word) => setNews((last) => ({ ...word, key: (last?.key ?? 0) + 1 }));
	useEffect(
		() =>
			client.getMutationCache().subscribe((event) => {
				if (event.type !== "updated" || event.action.type !== "pending") return;
				if (!matchMutation({ mutationKey: editsIn(plan.id) }, event.mutation)) return;
				done.current = [];
				setNews((last) => (last?.undoable ? null : last));
			}),
		[client, plan.id],
	);
	const { mutate, isPending } = useMutation({
		scope: changesOf(plan),
		mutationFn: async () => {
			// Only now: what was under way when undo was asked for has an id.
			const last = done.current.at(-1);
			if (last === undefined) return null;
			await undoPlanChange(plan, last.changeId);
			done.current.pop();
			return last;
		},
		onSuccess: (undone) =>
			tell({
				said: undone === null ? "Nothing of yours to undo here" : `Undone: ${lowerFirst(undone.said)}`,
				tone: "done",
				undoable: false,
			}),
		onError: (error) => {
			// Somebody has built on it, and on all before it.
			const final = isProblem(error, "conflict") || isProblem(error, "not_found");
			if (final) done.current = [];
			tell({ said: `Not undone: ${describeError(error).detail}`, tone: "refused", undoable: !final });
		},
		onSettled: () => client.invalidateQueries({ queryKey: planTreeQuery(plan.project_id, plan.id).queryKey }),
	});
	return {
		news,
		undoing: isPending,
		undo: () => mutate(),
		tell,
		closeNews: useCallback(() => setNews(null), []),
		noteDone(said: string, changeId: string) {
			done.current.push({ said, changeId });
			tell({ said, tone: "done", undoable: true });
		},
	};
};
