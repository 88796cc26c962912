import type { Goal } from "@agentplanner/contracts";
import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { Notice } from "../../components/notice.tsx";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { refreshGoals, updateGoal } from "../../queries/goals.ts";
import { changesBetween, draftOf } from "./goal-draft.ts";
import { GoalFields } from "./goal-fields.tsx";
import { withAllBelow } from "./goal-tree.ts";
import "./goal-form.css";

/** The goal's fields to be edited; only what was changed is sent, at the version that the editor saw. */
export const EditGoal = ({ goal, goals, onDone }: { goal: Goal; goals: Goal[]; onDone: () => void }) => {
	const client = useQueryClient();
	const [seen, setSeen] = useState(goal);
	const [base] = useState(() => draftOf(goal));
	const [draft, setDraft] = useState(base);
	const save = useMutation({
		mutationFn: () => updateGoal(seen, changesBetween(base, draft)),
		onSuccess: async () => {
			await refreshGoals(client, goal.project_id);
			onDone();
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
				if (!save.isPending) save.mutate();
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
								setSeen(goal);
								save.reset();
							}}
						>
							Keep mine
						</Button>
					</Notice>
				) : (
					<FormProblem error={save.error} shown={Object.keys(draft)} />
				)}
				<GoalFields
					projectId={goal.project_id}
					draft={draft}
					onChange={(part) => setDraft((known) => ({ ...known, ...part }))}
					parents={goals.filter(({ id }) => !notParents.has(id))}
					errors={fieldErrors(save.error)}
				/>
				<Group justify="end" gap="xs">
					<Button variant="default" onClick={onDone}>
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
