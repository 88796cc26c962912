import type { Project } from "@agentplanner/contracts";
import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { randomId } from "../../lib/random-id.ts";
import { createProject } from "../../queries/projects.ts";
import { sessionQuery } from "../../queries/session.ts";

export const CreateProjectForm = ({ onCreated }: { onCreated: (project: Project) => void }) => {
	const client = useQueryClient();
	const [name, setName] = useState("");
	const [key] = useState(randomId);
	const create = useMutation({
		mutationFn: () => createProject(name, key),
		onSuccess: async (project) => {
			await client.invalidateQueries({ queryKey: sessionQuery().queryKey });
			onCreated(project);
		},
	});
	const nameError = fieldErrors(create.error).name;
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!create.isPending) create.mutate();
			}}
		>
			<Stack gap="sm">
				{create.error !== null && nameError === undefined && <ErrorNotice error={create.error} />}
				<TextInput
					label="Project name"
					data-autofocus
					autoFocus
					required
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
					error={nameError ?? null}
				/>
				<Button type="submit" loading={create.isPending} style={{ alignSelf: "end" }}>
					Create project
				</Button>
			</Stack>
		</form>
	);
};
