import type { Goal } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createGoal, refreshGoals } from "../../queries/goals.ts";
import { emptyDraft, fieldsOf, GoalDraft, newGoalKey } from "./goal-draft.ts";
import { GoalFields } from "./goal-fields.tsx";
import "./goal-form.css";

type Props = {
	projectId: string;
	goals: Goal[];
	/** Below which it shall stand. */
	parentId: string | null;
	onClose: () => void;
	onCreated: (goal: Goal) => void;
};

export const CreateGoalModal = (props: Props) => {
	const phone = useMediaQuery("(max-width: 48em)");
	return (
		<Modal
			opened
			onClose={props.onClose}
			title="New goal"
			size={560}
			fullScreen={phone}
			closeButtonProps={{ "aria-label": "Close; the draft is kept" }}
		>
			<CreateGoalForm {...props} />
		</Modal>
	);
};

const CreateGoalForm = ({ projectId, goals, parentId, onClose, onCreated }: Props) => {
	const client = useQueryClient();
	const draftKey = newGoalKey(projectId, parentId);
	const [draft, setDraft] = useState(() => loadDraft(draftKey, GoalDraft) ?? emptyDraft(parentId));
	const [keys] = useState(createSubmissionKeys);
	const create = useMutation({
		mutationFn: () => {
			const body = { ...fieldsOf(draft), status: "active" as const };
			return createGoal(projectId, body, keys.keyFor(body));
		},
		onSuccess: async (goal) => {
			dropDraft(draftKey);
			await refreshGoals(client, projectId);
			onCreated(goal);
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!create.isPending) create.mutate();
			}}
		>
			<Stack gap="sm">
				<FormProblem error={create.error} shown={Object.keys(draft)} />
				<GoalFields
					projectId={projectId}
					draft={draft}
					onChange={(part) => {
						const next = { ...draft, ...part };
						setDraft(next);
						keepDraft(draftKey, next);
					}}
					parents={goals}
					errors={fieldErrors(create.error)}
				/>
				<Group justify="end" gap="xs">
					<Button variant="default" onClick={onClose}>
						Close
					</Button>
					<Button type="submit" loading={create.isPending}>
						Set the goal
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
