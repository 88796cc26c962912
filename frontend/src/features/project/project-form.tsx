import type { Project, UpdateProjectInput } from "@agentplanner/contracts";
import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { projectQuery, updateProject } from "../../queries/projects.ts";
import { sessionQuery } from "../../queries/session.ts";

type Edit = { version: number; name: string; networks: string };

const networksText = (project: Project): string => (project.allowed_networks ?? []).join("\n");
const networksOf = (text: string): string[] => text.split(/[\s,]+/).filter((network) => network !== "");

/** Name and networks; the buttons show once something was changed, and only what was changed is sent. */
export const ProjectForm = ({ project }: { project: Project }) => {
	const client = useQueryClient();
	const [edit, setEdit] = useState<Edit | null>(null);
	const { name, networks } = edit ?? { name: project.name, networks: networksText(project) };
	const save = useMutation({
		mutationFn: (changed: Edit) => updateProject(project.id, changed.version, changesOf(project, changed)),
		onSuccess: async () => {
			await Promise.all([
				client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey }),
				client.invalidateQueries({ queryKey: sessionQuery().queryKey }),
			]);
			setEdit(null);
		},
	});
	const errors = fieldErrors(save.error);
	const outdated = isProblem(save.error, "precondition_failed");
	const change = (part: Partial<Edit>) => setEdit({ version: edit?.version ?? project.version, name, networks, ...part });
	const giveUp = () => {
		save.reset();
		setEdit(null);
	};
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (edit !== null && !save.isPending) save.mutate(outdated ? { ...edit, version: project.version } : edit);
			}}
		>
			<Stack gap="sm" maw={480}>
				<TextInput
					label="Name"
					required
					value={name}
					onChange={(event) => change({ name: event.currentTarget.value })}
					error={errors.name ?? null}
				/>
				<Textarea
					label="Private networks that integrations may reach"
					description="One per line, such as 10.1.0.0/16. Without any, only public addresses are called. Decided by whoever made the first account here."
					autosize
					minRows={2}
					value={networks}
					onChange={(event) => change({ networks: event.currentTarget.value })}
					error={errors.allowed_networks ?? null}
					styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
				/>
				{outdated ? (
					<Notice tone="orange" title="Somebody else changed the project meanwhile" alert>
						Nothing was overwritten. Save again to replace theirs with yours, or undo.
					</Notice>
				) : (
					save.error !== null && Object.keys(errors).length === 0 && <ErrorNotice error={save.error} />
				)}
				{edit !== null && (
					<Group gap="xs">
						<Button type="submit" loading={save.isPending}>
							Save
						</Button>
						<Button variant="subtle" color="gray" onClick={giveUp}>
							Undo
						</Button>
					</Group>
				)}
			</Stack>
		</form>
	);
};

/** Networks that were not touched are not sent: not everybody who may rename the project may decide them. */
const changesOf = (project: Project, { name, networks }: Edit): UpdateProjectInput => ({
	...(name === project.name ? {} : { name }),
	...(networks === networksText(project) ? {} : { allowed_networks: networksOf(networks) }),
});
