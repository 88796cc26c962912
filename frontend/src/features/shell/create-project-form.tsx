import type { Project } from "@agentplanner/contracts";
import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createProject } from "../../queries/projects.ts";
import { sessionQuery } from "../../queries/session.ts";

export const CreateProjectForm = ({ onCreated }: { onCreated: (project: Project) => void }) => {
	const client = useQueryClient();
	const [name, setName] = useState("");
	const [keys] = useState(createSubmissionKeys);
	const create = useMutation({
		mutationFn: (sent: string) => createProject(sent, keys.keyFor(sent)),
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
				if (!create.isPending) create.mutate(name);
			}}
		>
			<Stack gap="sm">
				<FormProblem error={create.error} shown={["name"]} />
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
