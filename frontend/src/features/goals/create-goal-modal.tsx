import type { Goal } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createGoal, refreshGoals } from "../../queries/goals.ts";
import { emptyDraft, fieldsOf, GoalDraft, goalEditKey, newGoalKey, typedMeanwhile } from "./goal-draft.ts";
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
	const latest = useRef(draft);
	const [keys] = useState(createSubmissionKeys);
	const create = useMutation({
		mutationFn: (sent: GoalDraft) => {
			const body = { ...fieldsOf(sent), status: "active" as const };
			return createGoal(projectId, body, keys.keyFor(body));
		},
		onSuccess: async (goal, sent) => {
			await refreshGoals(client, projectId);
			dropDraft(draftKey);
			// Its panel opens, and goes on with it as an edit.
			const more = typedMeanwhile(goal, sent, latest.current);
			if (more) keepDraft(goalEditKey(goal.id), more);
			onCreated(goal);
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!create.isPending) create.mutate(draft);
			}}
		>
			<Stack gap="sm">
				<FormProblem error={create.error} shown={Object.keys(draft)} />
				<GoalFields
					projectId={projectId}
					draft={draft}
					onChange={(part) => {
						const next = { ...latest.current, ...part };
						latest.current = next;
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
