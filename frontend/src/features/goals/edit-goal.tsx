import type { Goal } from "@agentplanner/contracts";
import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { Notice } from "../../components/notice.tsx";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { refreshGoals, updateGoal } from "../../queries/goals.ts";
import { beginEdit, changesBetween, GoalEdit, goalEditKey, isChanged, typedMeanwhile } from "./goal-draft.ts";
import { GoalFields } from "./goal-fields.tsx";
import { withAllBelow } from "./goal-tree.ts";
import "./goal-form.css";

/** The goal's fields to be edited; only what was changed is sent, at the version that the editor saw. Kept until it is saved or cancelled. */
export const EditGoal = ({ goal, goals, onDone }: { goal: Goal; goals: Goal[]; onDone: () => void }) => {
	const client = useQueryClient();
	const key = goalEditKey(goal.id);
	const [edit, setEdit] = useState(() => loadDraft(key, GoalEdit) ?? beginEdit(goal));
	const { draft } = edit;
	const latest = useRef(edit);
	const change = (part: Partial<GoalEdit>) => {
		const next = { ...latest.current, ...part };
		latest.current = next;
		setEdit(next);
		if (isChanged(next)) keepDraft(key, next);
		else dropDraft(key);
	};
	const finish = () => {
		dropDraft(key);
		onDone();
	};
	const save = useMutation({
		mutationFn: ({ version, base, draft }: GoalEdit) => updateGoal({ ...goal, version }, changesBetween(base, draft)),
		onSuccess: async (saved, sent) => {
			await refreshGoals(client, goal.project_id);
			const more = typedMeanwhile(saved, sent.draft, latest.current.draft);
			if (more) change(more);
			else finish();
		},
		onError: async (error) => {
			if (isProblem(error, "precondition_failed")) await refreshGoals(client, goal.project_id);
		},
	});
	const outdated = isProblem(save.error, "precondition_failed");
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => form.current?.querySelector("input")?.focus(), []);
	const notParents = withAllBelow(goals, goal.id);
	return (
		<form
			ref={form}
			aria-label={`Edit ${goal.title}`}
			onSubmit={(event) => {
				event.preventDefault();
				if (!save.isPending) save.mutate(edit);
			}}
		>
			<Stack gap="sm">
				{outdated ? (
					<Notice tone="orange" title="Somebody else changed this goal meanwhile" alert>
						Nothing was overwritten. Keep what you typed to save it over theirs, or cancel to see what they wrote.
						<Button
							variant="default"
							size="compact-xs"
							mt={6}
							display="block"
							onClick={() => {
								change({ version: goal.version });
								save.reset();
							}}
						>
							Keep mine
						</Button>
					</Notice>
				) : (
					<FormProblem error={save.error} shown={Object.keys(draft)} />
				)}
				{save.isSuccess && (
					<Notice tone="blue" title="Saved, but for what you typed meanwhile">
						Save again to keep that, too.
					</Notice>
				)}
				<GoalFields
					projectId={goal.project_id}
					draft={draft}
					onChange={(part) => change({ draft: { ...draft, ...part } })}
					parents={goals.filter(({ id }) => !notParents.has(id))}
					errors={fieldErrors(save.error)}
				/>
				<Group justify="end" gap="xs">
					<Button variant="default" onClick={finish}>
						Cancel
					</Button>
					<Button type="submit" loading={save.isPending} disabled={outdated}>
						Save
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
