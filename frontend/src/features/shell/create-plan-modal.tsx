import type { CreatePlanInput } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { ImportLink } from "../../components/import-link.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createPlan, plansQuery } from "../../queries/plans.ts";

type Props = { projectId: string; opened: boolean; onClose: () => void; onCreated: (planId: string) => void };

export const CreatePlanModal = ({ opened, onClose, ...rest }: Props) => (
	<Modal opened={opened} onClose={onClose} title="New plan" closeButtonProps={{ "aria-label": "Close" }}>
		<CreatePlanForm {...rest} onClose={onClose} />
	</Modal>
);

const CreatePlanForm = ({ projectId, onClose, onCreated }: Omit<Props, "opened">) => {
	const client = useQueryClient();
	const [title, setTitle] = useState("");
	const [description, setDescription] = useState("");
	const [keys] = useState(createSubmissionKeys);
	const create = useMutation({
		mutationFn: (body: CreatePlanInput) => createPlan(projectId, body, keys.keyFor(body)),
		onSuccess: (plan) => {
			void client.invalidateQueries({ queryKey: plansQuery(projectId).queryKey });
			onClose();
			onCreated(plan.id);
		},
	});
	const errors = fieldErrors(create.error);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!create.isPending) create.mutate({ title, description });
			}}
		>
			<Stack gap="sm">
				<FormProblem error={create.error} shown={["title", "description"]} />
				<TextInput
					label="Title"
					required
					data-autofocus
					value={title}
					onChange={(event) => setTitle(event.currentTarget.value)}
					error={errors.title ?? null}
				/>
				<Textarea
					label="Description"
					description="Agents read it with every question about this plan."
					autosize
					minRows={3}
					maxRows={10}
					value={description}
					onChange={(event) => setDescription(event.currentTarget.value)}
					error={errors.description ?? null}
				/>
				<Group justify="end" gap="xs">
					<div className="form-way-out">
						<ImportLink projectId={projectId} onClick={onClose} />
					</div>
					<Button variant="default" onClick={onClose}>
						Close
					</Button>
					<Button type="submit" loading={create.isPending}>
						Create plan
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
