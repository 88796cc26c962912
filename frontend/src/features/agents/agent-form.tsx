import type { Agent } from "@agentplanner/contracts";
import { Button, Group, Stack, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { agentsQuery, updateAgent } from "../../queries/agents.ts";

type Edit = { version: number; name: string; description: string; capabilities: string[] };

/** Name and description; the buttons show once something was changed. */
export const AgentForm = ({ agent }: { agent: Agent }) => {
	const client = useQueryClient();
	const [edit, setEdit] = useState<Edit | null>(null);
	const { name, description, capabilities } = edit ?? agent;
	const save = useMutation({
		mutationFn: ({ version, ...changed }: Edit) => updateAgent({ ...agent, version }, changed),
		onSuccess: async () => {
			await client.invalidateQueries({ queryKey: agentsQuery(agent.project_id).queryKey });
			setEdit(null);
		},
	});
	const errors = fieldErrors(save.error);
	const change = (part: Partial<Edit>) => setEdit({ version: edit?.version ?? agent.version, name, description, capabilities, ...part });
	const giveUp = () => {
		save.reset();
		setEdit(null);
	};
	return (
		<Stack gap="xs">
			<TextInput label="Name" value={name} onChange={(event) => change({ name: event.currentTarget.value })} error={errors.name ?? null} />
			<Textarea
				label="Description"
				autosize
				minRows={1}
				maxRows={8}
				value={description}
				onChange={(event) => change({ description: event.currentTarget.value })}
				error={errors.description ?? null}
			/>
			<TagsInput
				label="Capabilities"
				description="What it is good at, a word or two each."
				value={capabilities}
				onChange={(words) => change({ capabilities: words })}
				error={errors.capabilities ?? null}
			/>
			{isProblem(save.error, "precondition_failed") ? (
				<Notice tone="orange" title="Somebody else changed this agent meanwhile" alert>
					Nothing was overwritten. Save again to replace theirs with yours, or undo.
				</Notice>
			) : (
				save.error !== null && Object.keys(errors).length === 0 && <ErrorNotice error={save.error} />
			)}
			{edit !== null && (
				<Group gap="xs">
					<Button
						loading={save.isPending}
						onClick={() => save.mutate(isProblem(save.error, "precondition_failed") ? { ...edit, version: agent.version } : edit)}
					>
						Save
					</Button>
					<Button variant="subtle" color="gray" onClick={giveUp}>
						Undo
					</Button>
				</Group>
			)}
		</Stack>
	);
};
