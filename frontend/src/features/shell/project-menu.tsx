import { Menu, Modal, UnstyledButton } from "@mantine/core";
import { IconCheck, IconPlus, IconSelector } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { sessionQuery } from "../../queries/session.ts";
import { CreateProjectForm } from "./create-project-form.tsx";

export const ProjectMenu = ({ projectId }: { projectId: string }) => {
	const navigate = useNavigate();
	const session = useQuery(sessionQuery());
	const [creating, setCreating] = useState(false);
	const projects = session.data?.projects ?? [];
	const name = projects.find((project) => project.id === projectId)?.name ?? "Project";
	const open = (id: string) => void navigate({ to: "/projects/$projectId", params: { projectId: id } });

	return (
		<>
			<Menu position="bottom-start" width={232}>
				<Menu.Target>
					<UnstyledButton className="project-button" aria-label={`Project ${name}: switch`}>
						<img src="/favicon.svg" alt="" width={20} height={20} />
						<span className="truncate">{name}</span>
						<IconSelector size={14} aria-hidden className="dim" />
					</UnstyledButton>
				</Menu.Target>
				<Menu.Dropdown>
					<Menu.Label>Projects</Menu.Label>
					{projects.map((project) => (
						<Menu.Item
							key={project.id}
							onClick={() => open(project.id)}
							rightSection={project.id === projectId ? <IconCheck size={14} aria-label="open" /> : null}
						>
							{project.name}
						</Menu.Item>
					))}
					<Menu.Divider />
					<Menu.Item leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
						New project
					</Menu.Item>
				</Menu.Dropdown>
			</Menu>
			<Modal opened={creating} onClose={() => setCreating(false)} title="New project" closeButtonProps={{ "aria-label": "Close" }}>
				<CreateProjectForm
					onCreated={(project) => {
						setCreating(false);
						open(project.id);
					}}
				/>
			</Modal>
		</>
	);
};
