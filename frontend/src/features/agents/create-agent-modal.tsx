import type { Agent, CreateAgentInput } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { agentsQuery, createAgent } from "../../queries/agents.ts";

type Props = { projectId: string; opened: boolean; onClose: () => void; onCreated: (agent: Agent) => void };

export const CreateAgentModal = ({ opened, onClose, ...rest }: Props) => (
	<Modal opened={opened} onClose={onClose} title="New agent" closeButtonProps={{ "aria-label": "Close" }}>
		<CreateAgentForm {...rest} />
	</Modal>
);

const CreateAgentForm = ({ projectId, onCreated }: Pick<Props, "projectId" | "onCreated">) => {
	const client = useQueryClient();
	const [name, setName] = useState("");
	const [description, setDescription] = useState("");
	const [keys] = useState(createSubmissionKeys);
	const create = useMutation({
		mutationFn: (body: CreateAgentInput) => createAgent(projectId, body, keys.keyFor(body)),
		onSuccess: async (agent) => {
			await client.invalidateQueries({ queryKey: agentsQuery(projectId).queryKey });
			onCreated(agent);
		},
	});
	const errors = fieldErrors(create.error);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!create.isPending) create.mutate({ name, description, capabilities: [] });
			}}
		>
			<Stack gap="sm">
				<FormProblem error={create.error} shown={["name", "description"]} />
				<TextInput
					label="Name"
					required
					data-autofocus
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
					error={errors.name ?? null}
				/>
				<Textarea
					label="Description"
					description="What it is good at; it helps people to choose whom to ask."
					autosize
					minRows={2}
					value={description}
					onChange={(event) => setDescription(event.currentTarget.value)}
					error={errors.description ?? null}
				/>
				<Group justify="end">
					<Button type="submit" loading={create.isPending}>
						Create agent
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
