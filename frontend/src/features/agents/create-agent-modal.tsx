import type { Agent } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { randomId } from "../../lib/random-id.ts";
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
	const [key] = useState(randomId);
	const create = useMutation({
		mutationFn: () => createAgent(projectId, { name, description }, key),
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
				if (!create.isPending) create.mutate();
			}}
		>
			<Stack gap="sm">
				{create.error !== null && Object.keys(errors).length === 0 && <ErrorNotice error={create.error} />}
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
