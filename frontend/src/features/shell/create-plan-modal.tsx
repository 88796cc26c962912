import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { fieldErrors, otherFieldErrors } from "../../lib/problems.ts";
import { randomId } from "../../lib/random-id.ts";
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
	const [key] = useState(randomId);
	const create = useMutation({
		mutationFn: () => createPlan(projectId, { title, description }, key),
		onSuccess: (plan) => {
			void client.invalidateQueries({ queryKey: plansQuery(projectId).queryKey });
			onClose();
			onCreated(plan.id);
		},
	});
	const errors = fieldErrors(create.error);
	const unplaced = Object.keys(errors).length === 0 || otherFieldErrors(create.error, ["title", "description"]).length > 0;
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!create.isPending) create.mutate();
			}}
		>
			<Stack gap="sm">
				{create.error !== null && unplaced && <ErrorNotice error={create.error} />}
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
